/** Reading a file that somebody named: never waiting for a pipe whose writer may not come. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** A pipe without a writer must not hold its reader: a read that waits survives every signal but KILL. Windows has no such flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** As the file system would say it. */
const notRegular = (path: string): Error =>
  Object.assign(new Error(`it is no regular file, read '${path}'`), { code: 'EINVAL', syscall: 'read', path })

/**
 * The bytes of a regular file.
 *
 * @throws the file system's error, and one of its form for a folder, a pipe or a device.
 */
export const readRegularFile = async (path: string): Promise<Buffer> => {
  const file = await open(path, readWithoutWaiting)
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
