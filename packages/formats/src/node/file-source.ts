/** Files of Node's as sources of bytes. */
import { closeSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { taskEither as TE } from 'fp-ts'
import type { CorruptFile } from '../corrupt-file.ts'
import { attemptFile, refuseFile } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'
import { requireNameInside } from '../source/name-inside.ts'

/** What the file system said, as a refusal of this file; anything else is thrown on. */
const unreadable = (path: string, error: unknown): never => {
  if (!(error instanceof Error && 'code' in error)) throw error
  return refuseFile(path, 'a file that can be read', error.code === 'ENOENT' ? 'none' : error.message)
}

const readExactly = async (handle: FileHandle, start: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

const readExactlySync = (path: string, descriptor: number, start: number, into: Uint8Array): void => {
  let done = 0
  while (done < into.length) {
    const count = readSync(descriptor, into, done, into.length - done, start + done)
    if (count === 0)
      refuseFile(path, `${into.length} bytes from byte ${start} on`, `${done}: the file has changed`)
    done += count
  }
}

/** A file of the same directory; a link in it that leads out of it is refused. */
const openBeside = async (path: string, name: string): Promise<ByteSource> => {
  requireNameInside(path, name)
  const directory = await realpath(dirname(path))
  const found = join(directory, name)
  const real = await realpath(found).catch((error: unknown) => unreadable(found, error))
  if (!real.startsWith(directory.endsWith(sep) ? directory : directory + sep))
    return refuseFile(path, `'${name}' inside its directory`, `a link to ${real}`)
  return openSource(join(dirname(path), name))
}

const openSource = async (path: string): Promise<ByteSource> => {
  const handle = await open(path, 'r').catch((error: unknown) => unreadable(path, error))
  const found = await handle.stat()
  if (!found.isFile()) {
    await handle.close()
    return refuseFile(path, 'a file', found.isDirectory() ? 'a directory' : 'a pipe or a device')
  }
  const others: ByteSource[] = []
  let descriptor: number | null = null
  return {
    path,
    sizeBytes: found.size,
    read: (start, length) =>
      readExactly(handle, start, length).catch((error: unknown) => unreadable(path, error)),
    readInto: (start, into) => {
      descriptor ??= openSync(path, 'r')
      readExactlySync(path, descriptor, start, into)
    },
    beside: async (name) => {
      const other = await openBeside(path, name)
      others.push(other)
      return other
    },
    close: async () => {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
      await handle.close()
      for (const other of others.splice(0)) await other.close()
    },
  }
}

/** Open a file for `readTensors` of `@laperm/formats`; whoever opened it closes it. `Left` says what the file system said. */
export const openFileSource = (path: string): TE.TaskEither<CorruptFile, ByteSource> =>
  attemptFile(() => openSource(path))
