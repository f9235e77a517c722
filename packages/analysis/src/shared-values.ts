/** Networks of shared values: every kernel's weights replaced by the layer's common profile, in their places or in others. */
import { makeRandom, type Params, shuffleInPlace, weightVectorsOf } from '@laperm/core'
import { type CommonProfileKind, commonProfile } from './common-profile.ts'
import { decompose } from './decomposition.ts'
import { valueMoments } from './value-moments.ts'
import { weightProfile } from './weight-profile.ts'

/** Kernels that are taken apart: those in which a neuron has weights, all finite. */
const isKernel = ({ role, values }: Params[number]): boolean =>
  role === 'kernel' && values.length > 0 && values.every(Number.isFinite)

const mapKernels = (params: Params, map: (kernel: Params[number]) => Float32Array): Params =>
  params.map((param) => (isKernel(param) ? { ...param, values: map(param) } : param))

const locatedOf = ({ values, shape }: Params[number], kind: CommonProfileKind) => {
  const w = weightVectorsOf(values, shape)
  return decompose(w, commonProfile(kind, weightProfile(w).mean, valueMoments(values))).located
}

/**
 * A network whose kernels are sigma_j(theta) alone: each neuron has the layer's shared values, dealt out by rank. Other parameters, and kernels with
 * NaN or infinities, stay as they are.
 *
 * @param params in Keras's axis order; not written.
 */
export const locationsAlone = (params: Params, kind: CommonProfileKind): Params =>
  mapKernels(params, (kernel) => locatedOf(kernel, kind).values)

/**
 * The control: the same values, each vector's in an order drawn at random. What this network knows, it does not know by locations.
 *
 * @param seed decides the orders.
 */
export const valuesAlone = (params: Params, kind: CommonProfileKind, seed: number): Params => {
  const random = makeRandom(seed, 'shuffledWeights')
  return mapKernels(params, (kernel) => {
    const { values, length, count } = locatedOf(kernel, kind)
    const column = new Float32Array(length)
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < length; i++) column[i] = values[i * count + j]
      shuffleInPlace(column, random)
      for (let i = 0; i < length; i++) values[i * count + j] = column[i]
    }
    return values
  })
}
