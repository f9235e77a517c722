/** Reading a text file of which nothing is known yet: bounded, and never waiting for a pipe. */
import { close, constants, fstat, open, read } from 'node:fs'
import { promisify } from 'node:util'
import { systemRefusal } from '@laperm/data/node'

/** A text, or why there is none, to complete "it ...". */
export type SmallFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string }

/** Numbers of files instead of handles: a list of a thousand runs opens three thousand of them. */
const [openFile, readFile, statFile, closeFile] = [
  promisify(open),
  promisify(read),
  promisify(fstat),
  promisify(close),
]

/** A pipe that nobody writes to must not hold its reader. Windows has no such flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
/** A config, a summary or the metrics of 50 epochs fit into one read. */
const firstRead = 16_384

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Read to the end from a position, as much as a buffer takes. */
const fill = async (file: number, buffer: Buffer, from: number): Promise<number> => {
  let length = from
  while (length < buffer.length) {
    const { bytesRead } = await readFile(file, buffer, length, buffer.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}

const readOpen = async (file: number, mostBytes: number): Promise<SmallFile> => {
  const start = Buffer.allocUnsafe(firstRead)
  const { bytesRead } = await readFile(file, start, 0, firstRead, 0)
  if (bytesRead < firstRead && bytesRead <= mostBytes)
    return { kind: 'text', text: start.toString('utf8', 0, bytesRead) }
  const found = await statFile(file)
  if (!found.isFile()) return { kind: 'refused', reason: 'is no regular file' }
  if (found.size > mostBytes)
    return { kind: 'refused', reason: `has ${found.size} bytes, but at most ${mostBytes} are read` }
  const whole = Buffer.alloc(found.size)
  start.copy(whole, 0, 0, bytesRead)
  return { kind: 'text', text: whole.toString('utf8', 0, await fill(file, whole, bytesRead)) }
}

/** Read a file of at most `mostBytes`. @throws what is not the file system's error. */
export const readSmallFile = async (path: string, mostBytes: number): Promise<SmallFile> => {
  try {
    const file = await openFile(path, readWithoutWaiting)
    try {
      return await readOpen(file, mostBytes)
    } finally {
      await closeFile(file)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' }
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return { kind: 'refused', reason: `cannot be read: ${reason}` }
  }
}
