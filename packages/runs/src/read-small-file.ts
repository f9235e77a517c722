/** Reading a text file of which nothing is known yet: bounded, and never waiting for a pipe. */
import { constants } from 'node:fs'
import { systemRefusal } from '@laperm/data/node'
import { type FileCalls, threadCalls } from './file-calls.ts'

/** A text, or why there is none, to complete "it ...". */
export type SmallFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string }

/** A pipe that nobody writes to must not hold its reader. Windows has no such flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
/** A config, a summary or the metrics of 50 epochs fit into one read. */
const firstRead = 16_384

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Read to the end from a position, as much as a buffer takes. */
const fill = async (calls: FileCalls, file: number, buffer: Buffer, from: number): Promise<number> => {
  let length = from
  while (length < buffer.length) {
    const bytesRead = await calls.read(file, buffer, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}

const readOpen = async (calls: FileCalls, file: number, mostBytes: number): Promise<SmallFile> => {
  const start = Buffer.allocUnsafe(firstRead)
  const bytesRead = await calls.read(file, start, 0)
  if (bytesRead < firstRead && bytesRead <= mostBytes)
    return { kind: 'text', text: start.toString('utf8', 0, bytesRead) }
  const found = await calls.stat(file)
  if (!found.isFile()) return { kind: 'refused', reason: 'is no regular file' }
  if (found.size > mostBytes)
    return { kind: 'refused', reason: `has ${found.size} bytes, but at most ${mostBytes} are read` }
  const whole = Buffer.alloc(found.size)
  start.copy(whole, 0, 0, bytesRead)
  return { kind: 'text', text: whole.toString('utf8', 0, await fill(calls, file, whole, bytesRead)) }
}

/** Read a file of at most `mostBytes`. @throws what is not the file system's error. */
export const readSmallFile = async (
  path: string,
  mostBytes: number,
  calls: FileCalls = threadCalls,
): Promise<SmallFile> => {
  try {
    const file = await calls.open(path, readWithoutWaiting)
    try {
      return await readOpen(calls, file, mostBytes)
    } finally {
      await calls.close(file)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' }
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return { kind: 'refused', reason: `cannot be read: ${reason}` }
  }
}
