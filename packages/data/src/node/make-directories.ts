/**
 * Directories with their parents. Node's own `mkdir` with `recursive` never comes back where a file system says ENOENT below a directory that is there,
 * as `/proc` does.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

const makeDirectory = async (path: string): Promise<void> => {
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/**
 * Make a directory and its parents; what is there stays.
 *
 * @throws the file system's error of that very directory which cannot be made.
 */
export const makeDirectories = async (path: string): Promise<void> => {
  try {
    await makeDirectory(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeDirectories(dirname(path))
    await makeDirectory(path)
  }
}
