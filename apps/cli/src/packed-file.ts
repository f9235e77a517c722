/** `.laperm` files on disk: read with a bound, written without overwriting anything that was not asked for. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import type { LapermHeader } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import { type PackedNetwork, unpackNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'

/** How these files end. */
export const packedEnding = '.laperm'

/** As many bytes as one ArrayBuffer may have everywhere. */
const mostBytes = 2 ** 31 - 1

/** The bytes of a file that somebody named. */
export const readNamedFile = async (path: string): Promise<E.Either<Failure, Buffer>> => {
  const fail = (reason: string) => E.left(usageError(`${path}: ${reason}`))
  try {
    const found = await stat(path)
    if (!found.isFile()) return fail('this is no file.')
    if (found.size > mostBytes) return fail(`it has ${found.size} bytes, but at most ${mostBytes} are read.`)
    return E.right(await readFile(path))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return fail(error.code === 'ENOENT' ? 'there is no such file.' : `it cannot be read: ${error.message}.`)
  }
}

/** Write a new file. What is there already stays, unless `replaces`. */
export const writeNamedFile = async (
  path: string,
  bytes: Uint8Array,
  replaces: boolean,
): Promise<E.Either<Failure, void>> => {
  try {
    await writeFile(path, bytes, { flag: replaces ? 'w' : 'wx' })
    return E.right(undefined)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return E.left(
      usageError(
        error.code === 'EEXIST'
          ? `${path} is there already. Name another file with --out, or replace it with --force.`
          : `${path} cannot be written: ${error.message}.`,
      ),
    )
  }
}

/** A network out of a `.laperm` file. */
export const readPackedNetwork = async (path: string): Promise<E.Either<Failure, PackedNetwork>> => {
  const bytes = await readNamedFile(path)
  return E.isLeft(bytes) ? bytes : unpackNetwork(path, bytes.right, { sha256: nodeSha256 })
}

/** Weights of all parameters of a file. */
export const weightCount = ({ parameters }: Pick<LapermHeader, 'parameters'>): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1), 0)
