/**
 * `.laperm`: a network as what its training moved. A file names its initial weights (a seed, or their hash) and holds one arrangement a weight vector in about
 * the logarithm of the number of arrangements; parameters that are trained freely are in it as float32. Lossless, checked by SHA-256.
 */
import { DivergedError, type ParameterRole, type Params, weightVectorsSize } from '@laperm/core'
import { sortInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from '../corrupt-file.ts'
import { fromTensors } from '../parameter-tensors.ts'
import { portableSha256, type Sha256 } from '../safetensors/seal.ts'
import type { Tensor } from '../tensor.ts'
import { encodeHeader, readLapermHeader, sealOf } from './laperm-header.ts'
import type { PackedParameter } from './packed-parameters.ts'
import { decodeVectors, encodeVectors } from './vector-code.ts'

/** Weights that cannot be packed: they are no arrangement of the initial ones. */
export interface NotAnArrangement {
  readonly _tag: 'NotAnArrangement'
  readonly parameter: string
  /** The first vector that holds another value. */
  readonly vector: number
  /** Place of that value in the vector. */
  readonly index: number
  readonly value: number
}

/** The error as a sentence for people. */
export const renderNotAnArrangement = ({ parameter, vector, index, value }: NotAnArrangement): string =>
  `Vector ${vector} of ${parameter} is no arrangement of its initial weights: weight ${index} is ${value}, which is not the initial weight of its rank. Only weights that were synchronized last can be packed.`

/** What is packed, and how. */
export interface PackOptions {
  /** Where the initial weights come from: any JSON object; it comes back from {@link readLapermHeader}. */
  readonly initial: unknown
  /** Parameters of these roles were only rearranged; the others are written as float32. */
  readonly permutedRoles: readonly ParameterRole[]
  /** A faster SHA-256 than the one in JavaScript, for example of `node:crypto`. */
  readonly sha256?: Sha256 | undefined
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

const equalBits = (one: Float32Array, other: Float32Array): boolean => {
  const [a, b] = [bytesOf(one), bytesOf(other)]
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

const sortedOf = (values: Float32Array, shape: readonly number[]): Float32Array => {
  const sorted = new Float32Array(values.length)
  sortInto({ values, ...weightVectorsSize(shape) }, sorted)
  return sorted
}

/**
 * Pack a network.
 *
 * @param initialParams theta_0, in the model's order; not written.
 * @param params weights right after a synchronization, the same parameters in the same order; not written.
 * @returns the file's bytes, or the first weight that is not the initial weight of its rank. Memory: the file, and the largest parameter three times.
 * @throws RangeError when the two have other parameters or shapes; DivergedError when an initial weight is NaN.
 */
export const packLaperm = (
  initialParams: Params,
  params: Params,
  { initial, permutedRoles, sha256 = portableSha256 }: PackOptions,
): E.Either<NotAnArrangement, Uint8Array> => {
  if (
    params.length !== initialParams.length ||
    params.some(
      ({ name, shape }, i) =>
        name !== initialParams[i].name || shape.join() !== initialParams[i].shape.join(),
    )
  )
    throw new RangeError('params: must have the names and shapes of initialParams, in the same order')
  const parameters: PackedParameter[] = []
  const data: Uint8Array[] = []
  const sortedHash: Uint8Array[] = []
  for (const [i, { name, shape, role, values }] of params.entries()) {
    const add = (coding: PackedParameter['coding'], bytes: Uint8Array): void => {
      parameters.push({ name, shape, coding, bytes: bytes.length })
      data.push(bytes)
    }
    if (equalBits(values, initialParams[i].values)) add('initial', new Uint8Array(0))
    else if (!permutedRoles.includes(role)) add('float32', bytesOf(values))
    else {
      const sorted = sortedOf(initialParams[i].values, shape)
      const stream = encodeOrPoint(sorted, values, shape)
      if (!(stream instanceof Uint8Array)) {
        const { vector, index } = stream
        const value = values[index * weightVectorsSize(shape).count + vector]
        return E.left({ _tag: 'NotAnArrangement', parameter: name, vector, index, value })
      }
      add('arrangement', stream)
      sortedHash.push(new TextEncoder().encode(sha256([bytesOf(sorted)])))
    }
  }
  const header = encodeHeader({
    initial,
    sortedSha256: sha256(sortedHash),
    sha256: sha256(params.map(({ values }) => bytesOf(values))),
    parameters,
  })
  const pieces = [...header, ...data]
  pieces.push(sealOf(sha256(pieces)))
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return E.right(bytes)
}

/** A NaN has no rank: it is pointed at like any other stranger. */
const encodeOrPoint = (
  sorted: Float32Array,
  values: Float32Array,
  shape: readonly number[],
): ReturnType<typeof encodeVectors> => {
  try {
    return encodeVectors(sorted, values, shape)
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error
    const { vector, index } = error.diverged
    return { vector, index }
  }
}

/**
 * Unpack a network.
 *
 * @param path named in errors; nothing is opened.
 * @param bytes the whole file.
 * @param initialParams theta_0 as the file's `initial` names it; not written. Memory follows its sizes, not the file's claims.
 * @returns new parameters in the order of `initialParams`; `Left(CorruptFile)` when the file is damaged, is of another network, or has other initial weights.
 */
export const unpackLaperm = (
  path: string,
  bytes: Uint8Array,
  initialParams: Params,
  { sha256 = portableSha256 }: { readonly sha256?: Sha256 | undefined } = {},
): E.Either<CorruptFile, Params> => {
  const read = readLapermHeader(path, bytes, { sha256 })
  if (E.isLeft(read)) return read
  const { header, dataStart } = read.right
  const byName = new Map(initialParams.map((parameter) => [parameter.name, parameter]))
  const tensors: Tensor[] = []
  const sortedHash: Uint8Array[] = []
  let at = dataStart
  for (const { name, shape, coding, bytes: size } of header.parameters) {
    const initial = byName.get(name)
    if (initial === undefined || initial.shape.join() !== shape.join())
      return E.left(
        corruptFile(
          path,
          initial === undefined
            ? 'only parameters of the network'
            : `'${name}' of shape [${initial.shape.join(', ')}]`,
          initial === undefined ? `'${name}'` : `[${shape.join(', ')}]`,
        ),
      )
    const data = bytes.subarray(at, at + size)
    at += size
    if (coding === 'float32') {
      const values = new Float32Array(size / 4)
      bytesOf(values).set(data)
      tensors.push({ name, shape, values })
    } else if (coding === 'initial') tensors.push({ name, shape, values: initial.values.slice() })
    else {
      const sorted = sortedOf(initial.values, shape)
      sortedHash.push(new TextEncoder().encode(sha256([bytesOf(sorted)])))
      tensors.push({ name, shape, values: decodeVectors(data, sorted, shape) })
    }
  }
  if (sha256(sortedHash) !== header.sortedSha256)
    return E.left(
      corruptFile(
        path,
        `initial weights whose sorted values have the hash ${header.sortedSha256}`,
        'others',
        'They must be drawn, or be the file, that the network was trained from.',
      ),
    )
  if (sha256(tensors.map(({ values }) => bytesOf(values))) !== header.sha256)
    return E.left(
      corruptFile(path, `weights with the hash ${header.sha256}`, 'others', 'The file is damaged.'),
    )
  return fromTensors(path, initialParams, tensors)
}
