/** Files that are either the old one or the new one, whatever happens in between. */
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { RunWriteFailed } from './run-errors.ts'

/** How temporary files end; a kill in the middle of a write leaves one behind. */
export const temporarySuffix = '.tmp'

/** Remove what kills have left of files that were being written. Only for whoever alone writes into the directory. */
export const removeTemporary = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory))
    if (name.endsWith(temporarySuffix)) await rm(join(directory, name), { force: true })
}

/**
 * Write a file so that a kill or a power cut leaves the old file or the new one, never half of one:
 * a temporary file beside it, fsync, rename, fsync of the directory.
 *
 * @param content a text, or bytes in pieces that are written one after the other.
 * @throws RunWriteFailed with the path, the file system's error as its cause; the temporary file is removed where that is possible.
 */
export const writeFileSafely = async (
  path: string,
  content: string | readonly Uint8Array[],
): Promise<void> => {
  const temporary = `${path}.${process.pid}${temporarySuffix}`
  try {
    const file = await open(temporary, 'w')
    try {
      // Each goes on where the one before has ended.
      for (const piece of typeof content === 'string' ? [content] : content) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    // In a directory that takes no writing any more it stays; the error to tell is the first one.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new RunWriteFailed(path, error)
  }
  // A directory cannot be opened on Windows; the rename is as durable there as it gets.
  const directory = await open(dirname(path), 'r').catch(() => null)
  if (directory !== null) {
    await directory.sync().catch(() => undefined)
    await directory.close()
  }
}
