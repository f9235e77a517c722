/** `.laperm` files on disk, read with a bound. */
import { readFile, stat } from 'node:fs/promises'
import { systemRefusal } from '@laperm/data/node'
import { type LapermHeader, readLapermHeader } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import { type PackedNetwork, unpackNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { shellWord } from './shell-word.ts'

/** How these files end. */
export const packedEnding = '.laperm'

/** As many bytes as one ArrayBuffer may have everywhere. */
const mostBytes = 2 ** 31 - 1

/**
 * The bytes of a file that somebody named.
 *
 * @param next what to name instead, as a sentence.
 */
export const readNamedFile = async (path: string, next: string): Promise<E.Either<Failure, Buffer>> => {
  const fail = (reason: string) => E.left(usageError(`${path}: ${reason}. ${next}`))
  try {
    const found = await stat(path)
    if (found.isDirectory())
      return fail(`this is a directory; laperm runs show ${shellWord(path)} shows a run's`)
    if (!found.isFile()) return fail('this is no regular file')
    if (found.size > mostBytes) return fail(`it has ${found.size} bytes, but at most ${mostBytes} are read`)
    return E.right(await readFile(path))
  } catch (error) {
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return fail(reason.startsWith('ENOENT') ? 'there is no such file' : `it cannot be read: ${reason}`)
  }
}

const namePacked = `Name a ${packedEnding} file, which laperm pack <run> writes; laperm profile reads .safetensors, too.`

const platform = { sha256: nodeSha256 }

/** A `.laperm` file whose header has been read. */
export interface PackedHeader {
  readonly bytes: Buffer
  readonly header: LapermHeader
}

/** Read a `.laperm` file, whatever it is called, up to its arrangements. */
export const readPackedHeader = async (path: string): Promise<E.Either<Failure, PackedHeader>> => {
  const bytes = await readNamedFile(path, namePacked)
  if (E.isLeft(bytes)) return bytes
  const read = readLapermHeader(path, bytes.right, platform)
  // One that has another name is probably another kind of file.
  if (E.isLeft(read))
    return path.endsWith(packedEnding) || read.left._tag !== 'CorruptFile'
      ? read
      : E.left({ ...read.left, remedy: namePacked })
  return E.right({ bytes: bytes.right, header: read.right.header })
}

/** A network out of a `.laperm` file. */
export const readPackedNetwork = async (path: string): Promise<E.Either<Failure, PackedNetwork>> => {
  const read = await readPackedHeader(path)
  return E.isLeft(read) ? read : unpackNetwork(path, read.right.bytes, platform)
}

/** Weights of all parameters of a file. */
export const weightCount = ({ parameters }: Pick<LapermHeader, 'parameters'>): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1), 0)
