/** A file that a command was asked to write: whole, or not at all, and never over one that is there unless that was asked for. */
import { createWriteStream } from 'node:fs'
import { link, realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeDirectories, systemRefusal } from '@laperm/data/node'
import { type Failure, usageError } from './failure.ts'
import { toggle } from './flags.ts'

/** Where a command writes, as it was asked to. */
export interface Output {
  /** That named it, for errors: `--out`. */
  readonly flag: string
  readonly path: string
  /** Whether a file that is there is replaced. */
  readonly force: boolean
}

/** The flag that every command has which writes files. */
export const forceFlag = toggle('replace a file that is there')

type Content = Readable | Iterable<string | Uint8Array>

const write = (path: string, content: Content): Promise<void> =>
  pipeline(content instanceof Readable ? content : Readable.from(content), createWriteStream(path))

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

const kindOf = async (path: string): Promise<'nothing' | 'file' | 'directory' | 'device'> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return 'directory'
    return found.isFile() ? 'file' : 'device'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'nothing'
    throw error
  }
}

const taken = ({ flag, path }: Output): Failure =>
  usageError(`${path} is there already. Name another file with ${flag}, or replace it with --force.`)

/** Move a whole file to where nothing is. @returns whether nothing was there. */
const moveIntoPlace = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    // A file system without links.
    if ((await kindOf(path)) !== 'nothing') return false
    await rename(temporary, path)
    return true
  }
  await rm(temporary)
  return true
}

/** What is wrong with a place before anything is written there; null where it can be tried. */
export const outputProblem = async (output: Output): Promise<Failure | null> => {
  const { flag, path, force } = output
  switch (await kindOf(path).catch(() => 'nothing')) {
    case 'directory':
      return usageError(`${flag} ${path} is a directory. Name a file in it.`)
    case 'file':
      return force ? null : taken(output)
    default:
      return null
  }
}

/**
 * Write a file beside its place and move it there. A device or a pipe (`/dev/stdout`) is written into.
 *
 * @returns why it could not be written; what stood there before is whole then.
 */
export const writeOutput = async (output: Output, content: Content): Promise<Failure | null> => {
  const { flag, path, force } = output
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const problem = await outputProblem(output)
    if (problem !== null) return problem
    const kind = await kindOf(path)
    if (kind === 'device') {
      await write(path, content)
      return null
    }
    await write(temporary, content)
    // A link stays one, and what it leads to is replaced.
    if (kind === 'file' && force) await rename(temporary, await realpath(path))
    else if (!(await moveIntoPlace(temporary, path))) {
      await rm(temporary)
      return taken(output)
    }
    return null
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return usageError(
      `${flag} ${path} cannot be written: ${reason}. Name a file in a directory that is there and takes it, with free space.`,
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
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return usageError(`${flag} ${path} cannot be made: ${reason}. Name a place that can be written.`)
  }
}
