/**
 * `.laperm` for weights that another program made: the file holds the SHA-256 of the initial weights in place of an experiment, and whoever unpacks it
 * gives them.
 */
import { type NeuronAxes, type Params, valuesOfWeightVectors, weightVectorsOf } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from '../corrupt-file.ts'
import { portableSha256, type Sha256 } from '../safetensors/seal.ts'
import type { Tensor } from '../tensor.ts'
import { packLaperm, unpackLaperm } from './laperm-file.ts'
import { readLapermHeader } from './laperm-header.ts'

/** A tensor of any program, with the axes that count its neurons. */
export interface ForeignTensor extends Tensor {
  readonly neuronAxes: NeuronAxes
}

/** Two files that are not of one network. */
export interface OtherTensors {
  readonly _tag: 'OtherTensors'
  readonly name: string
  readonly initial: string
  readonly trained: string
}

/** The error as a sentence for people. */
export const renderOtherTensors = ({ name, initial, trained }: OtherTensors): string =>
  `'${name}' is ${initial} among the initial weights, but ${trained} among the trained ones: the two are not of one network.`

interface Platform {
  /** A faster SHA-256 than the one in JavaScript, for example of `node:crypto`. */
  readonly sha256?: Sha256 | undefined
}

/** What stands in a file's header in place of the initial weights. */
const originKind = 'weights'

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

const byName = (one: Tensor, other: Tensor): number =>
  one.name < other.name ? -1 : Number(one.name > other.name)

/**
 * SHA-256 of weights: of each tensor, in the order of names by UTF-16 units, its name and shape as JSON with a line break, and its values as
 * little-endian float32.
 */
export const weightsSha256 = (tensors: readonly Tensor[], sha256: Sha256 = portableSha256): string =>
  sha256(
    [...tensors]
      .sort(byName)
      .flatMap(({ name, shape, values }) => [
        new TextEncoder().encode(`${JSON.stringify([name, shape])}\n`),
        bytesOf(values),
      ]),
  )

/** The matrix of a tensor's weight vectors as a parameter. */
const matrixOf = (
  { name, shape, values, neuronAxes }: ForeignTensor,
  role: 'kernel' | 'bias',
): Params[number] => {
  if (shape.length < 2) return { name, role, shape: [values.length], values }
  const w = weightVectorsOf(values, shape, neuronAxes)
  return { name, role, shape: [w.length, w.count], values: w.values }
}

const shapeText = (tensor: Tensor | undefined): string =>
  tensor === undefined ? 'missing' : `of shape [${tensor.shape.join(', ')}]`

/** The first tensor that only one side has, or of which the two have other shapes. */
const differenceOf = (initial: readonly Tensor[], trained: readonly Tensor[]): OtherTensors | null => {
  for (const { name } of [...initial, ...trained]) {
    const texts = [initial, trained].map((side) => shapeText(side.find((tensor) => tensor.name === name)))
    if (texts[0] !== texts[1]) return { _tag: 'OtherTensors', name, initial: texts[0], trained: texts[1] }
  }
  return null
}

/**
 * Pack weights against the initial ones that they were trained from.
 *
 * Tensors that hold, in each weight vector, the initial values in another order are packed as that order; all others as float32.
 *
 * @param initial as the file with them has them; not written.
 * @param trained tensors of the same names and shapes; not written.
 * @returns the file's bytes. Cost: each tensor is packed twice.
 * @throws DivergedError when an initial weight is NaN.
 */
export const packWeights = (
  initial: readonly ForeignTensor[],
  trained: readonly Tensor[],
  { sha256 = portableSha256 }: Platform = {},
): E.Either<OtherTensors, Uint8Array> => {
  const difference = differenceOf(initial, trained)
  if (difference !== null) return E.left(difference)
  const origin = {
    kind: originKind,
    sha256: weightsSha256(initial, sha256),
    neuronAxes: Object.fromEntries(initial.map(({ name, neuronAxes }) => [name, neuronAxes])),
  }
  const pack = (before: Params, after: Params) =>
    packLaperm(before, after, { initial: origin, permutedRoles: ['kernel'], sha256 })
  const pairs = initial.map((tensor) => {
    const values = trained.find(({ name }) => name === tensor.name)?.values ?? tensor.values
    const after = { ...tensor, values }
    const one = [[matrixOf(tensor, 'kernel')], [matrixOf(after, 'kernel')]] as const
    const role = E.isRight(pack(...one)) ? 'kernel' : 'bias'
    return [matrixOf(tensor, role), matrixOf(after, role)] as const
  })
  const packed = pack(
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
  )
  if (E.isLeft(packed)) throw new TypeError('each tensor was packed alone before')
  return packed
}

/** The hash and the neurons' axes in a header; null where the initial weights are named in another way. */
const originOf = (
  value: unknown,
): { readonly sha256: string; readonly axesOf: (name: string) => NeuronAxes | null } | null => {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== originKind)
    return null
  if (!('sha256' in value) || typeof value.sha256 !== 'string') return null
  const axes: unknown = 'neuronAxes' in value ? value.neuronAxes : null
  const entries = new Map<string, unknown>(
    typeof axes === 'object' && axes !== null ? Object.entries(axes) : [],
  )
  return {
    sha256: value.sha256,
    axesOf: (name) => {
      const own = entries.get(name)
      return Array.isArray(own) && own.every((axis) => Number.isSafeInteger(axis)) ? own : null
    },
  }
}

/** Whether a file's header names its initial weights by their hash; `initial` is the header's. */
export const needsInitialWeights = (initial: unknown): boolean => originOf(initial) !== null

/**
 * Unpack a file of {@link packWeights}.
 *
 * @param path named in errors; nothing is opened.
 * @param initial the weights that it was packed against; not written.
 * @returns new tensors in the order of `initial`; `Left(CorruptFile)` when the file is damaged, or these are other initial weights.
 */
export const unpackWeights = (
  path: string,
  bytes: Uint8Array,
  initial: readonly Tensor[],
  { sha256 = portableSha256 }: Platform = {},
): E.Either<CorruptFile, readonly Tensor[]> => {
  const read = readLapermHeader(path, bytes, { sha256 })
  if (E.isLeft(read)) return read
  const origin = originOf(read.right.header.initial)
  if (origin === null)
    return E.left(
      corruptFile(path, 'a SHA-256 of initial weights', 'initial weights that are named in another way'),
    )
  const found = weightsSha256(initial, sha256)
  if (found !== origin.sha256)
    return E.left(
      corruptFile(
        path,
        `initial weights with the SHA-256 ${origin.sha256}`,
        `some with ${found}`,
        'Give the file of the weights that the network was trained from.',
      ),
    )
  const located: (ForeignTensor & { readonly matrix: Params[number] })[] = []
  for (const tensor of initial) {
    const neuronAxes = origin.axesOf(tensor.name)
    const isValid =
      neuronAxes !== null &&
      new Set(neuronAxes).size === neuronAxes.length &&
      neuronAxes.every((axis) => axis >= 0 && axis < tensor.shape.length)
    if (!isValid)
      return E.left(corruptFile(path, `axes of the neurons of '${tensor.name}'`, 'none that it has'))
    located.push({ ...tensor, neuronAxes, matrix: matrixOf({ ...tensor, neuronAxes }, 'kernel') })
  }
  return E.map((params: Params): readonly Tensor[] =>
    located.map(({ name, shape, neuronAxes, matrix }, i) => {
      const [length, count = 1] = matrix.shape
      const { values } = params[i]
      return {
        name,
        shape,
        values:
          shape.length < 2 ? values : valuesOfWeightVectors({ values, length, count }, shape, neuronAxes),
      }
    }),
  )(
    unpackLaperm(
      path,
      bytes,
      located.map(({ matrix }) => matrix),
      { sha256 },
    ),
  )
}
