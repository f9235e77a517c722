/** A file that a command was asked to write: whole, or not at all. */
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeDirectories } from '@laperm/data/node'
import { type Failure, usageError } from './failure.ts'

/**
 * Write a file beside its place and move it there.
 *
 * @param flag that named it, for the error.
 * @returns why it could not be written; what stood there before is whole then.
 */
export const writeOutput = async (
  flag: string,
  path: string,
  content: Readable | Iterable<string>,
): Promise<Failure | null> => {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await pipeline(
      content instanceof Readable ? content : Readable.from(content),
      createWriteStream(temporary),
    )
    await rename(temporary, path)
    return null
  } catch (error) {
    await rm(temporary, { force: true })
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return usageError(
      `${flag} ${path} cannot be written: ${error.message}. Name a file in a directory that is there, with free space.`,
    )
  }
}

/** Make the directory that a command was asked to write files into. @returns why it could not be made. */
export const makeOutputDirectory = async (flag: string, path: string): Promise<Failure | null> => {
  try {
    await makeDirectories(path)
    return (await stat(path)).isDirectory()
      ? null
      : usageError(`${flag} ${path} is a file, but a directory is written. Name another place.`)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return usageError(`${flag} ${path} cannot be made: ${error.message}. Name a place that can be written.`)
  }
}
