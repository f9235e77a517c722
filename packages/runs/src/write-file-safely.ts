/** Files that are either the old one or the new one, whatever happens in between. */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RunWriteFailed } from './run-errors.ts'

/** How temporary files end; a kill in the middle of a write leaves one behind. */
export const temporarySuffix = '.tmp'

/**
 * Write a file so that a kill or a power cut leaves the old file or the new one, never half of one:
 * a temporary file beside it, fsync, rename, fsync of the directory.
 *
 * @param content a text, or bytes in pieces that are written one after the other.
 * @throws RunWriteFailed with the path, the file system's error as its cause; the temporary file is removed.
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
    await rm(temporary, { force: true })
    throw new RunWriteFailed(path, error)
  }
  // A directory cannot be opened on Windows; the rename is as durable there as it gets.
  const directory = await open(dirname(path), 'r').catch(() => null)
  if (directory !== null) {
    await directory.sync().catch(() => undefined)
    await directory.close()
  }
}
