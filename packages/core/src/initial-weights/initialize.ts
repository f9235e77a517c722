/**
 * Initial weights theta_0 from initializers as data: the same bits for the same seed on every JavaScript engine.
 *
 * Keras's conventions, not Keras's random numbers. Each parameter draws from a stream of its own, named after it, so that adding a layer
 * changes no other layer's weights.
 */
import * as E from '../either.ts'
import { renderError } from '../errors/errors.ts'
import {
  type NeuronAxes,
  valuesOfWeightVectors,
  weightVectorsLayout,
  weightVectorsOf,
} from '../neuron-axes.ts'
import type { Parameter, ParameterRole, Params } from '../parameter.ts'
import { makeRandom, type Random, shuffleInPlace } from '../random/random.ts'
import { weightVectorsSize } from '../weight-vectors.ts'
import { checkInitializer, type InitializerSpec } from './initializer.ts'

/** What has to be known of a parameter to draw its initial weights. A `ParameterSpec` of `@laperm/models` is one. */
export interface ParameterToInitialize {
  /** Unique in the model; names the parameter's random stream. */
  readonly name: string
  /** Keras axis order: `[kh, kw, cin, cout]`, `[in, out]`, `[n]`. */
  readonly shape: readonly number[]
  readonly role: ParameterRole
  /** Keras's fans; of a 1-D parameter both are its length. Fans below 1 count as 1, as in Keras. */
  readonly fanIn: number
  readonly fanOut: number
  readonly initializer: InitializerSpec
  /** The axes that count its neurons, where it is not the last one alone. */
  readonly neuronAxes?: NeuronAxes
}

// Standard deviation of a standard normal cut off at +-2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)). Keras divides by this very number
// (keras/src/initializers/random_initializers.py, VarianceScaling), so that the weights have the deviation they are named for.
const truncatedDeviation = 0.87962566103423978

const fillUniform = (out: Float32Array, limit: number, random: Random): void => {
  for (let i = 0; i < out.length; i++) out[i] = (2 * random.nextUniform() - 1) * limit
}

const fillTruncatedNormal = (out: Float32Array, deviation: number, random: Random): void => {
  const scale = deviation / truncatedDeviation
  for (let i = 0; i < out.length; i++) {
    let normal = random.nextNormal()
    while (normal > 2 || normal < -2) normal = random.nextNormal()
    out[i] = normal * scale
  }
}

const fillEquidistant = (
  out: Float32Array,
  { shape, neuronAxes }: ParameterToInitialize,
  limit: number,
  random: Random,
): void => {
  const { length, count } = weightVectorsLayout(shape, neuronAxes)
  const matrix = new Float32Array(out.length)
  const profile = Float32Array.from({ length }, (_, i) => ((2 * i + 1 - length) / length) * limit)
  const vector = new Float32Array(length)
  for (let j = 0; j < count; j++) {
    vector.set(profile)
    shuffleInPlace(vector, random)
    for (let i = 0, at = j; i < length; i++, at += count) matrix[at] = vector[i]
  }
  out.set(valuesOfWeightVectors({ values: matrix, length, count }, shape, neuronAxes))
}

const fill = (out: Float32Array, spec: ParameterToInitialize, random: Random): void => {
  const { initializer } = spec
  const fanIn = Math.max(1, spec.fanIn)
  const fanAverage = Math.max(1, (spec.fanIn + spec.fanOut) / 2)
  switch (initializer.kind) {
    case 'heUniform':
      fillUniform(out, Math.sqrt(6 / fanIn), random)
      break
    case 'heNormal':
      fillTruncatedNormal(out, Math.sqrt(2 / fanIn), random)
      break
    case 'glorotUniform':
      fillUniform(out, Math.sqrt(3 / fanAverage), random)
      break
    case 'glorotNormal':
      fillTruncatedNormal(out, Math.sqrt(1 / fanAverage), random)
      break
    case 'lecunUniform':
      fillUniform(out, Math.sqrt(3 / fanIn), random)
      break
    case 'lecunNormal':
      fillTruncatedNormal(out, Math.sqrt(1 / fanIn), random)
      break
    case 'equidistant':
      fillEquidistant(out, spec, Math.sqrt(6 / fanIn), random)
      break
    case 'sharedValue':
      out.fill(initializer.value)
      break
    case 'zeros':
      break
    case 'ones':
      out.fill(1)
      break
    default:
      initializer satisfies never
  }
}

/**
 * Draw theta_0.
 *
 * Uniform kinds lie in `[-limit, limit]`: `limit * (2u - 1)` with a 53-bit u, rounded once to float32. Normal kinds are
 * `z * deviation / 0.8796...` with z standard normal, redrawn while |z| > 2. `equidistant` puts weight i of n at
 * `(2i + 1 - n) / n * sqrt(6 / fanIn)`, the midpoints of n equal parts of He's uniform range, and shuffles every vector.
 *
 * @param specs in the model's order; only names, shapes, fans and initializers decide the values.
 * @param seed any safe integer.
 * @returns the parameters in the order of `specs`, each with float32 values of its own.
 * Cost: linear in the weights; normal ones also take a logarithm.
 * @throws RangeError when a shape is none, an initializer breaks its rule or the seed is not a safe integer.
 * @see https://keras.io/api/layers/initializers/
 */
export const initializeParams = (specs: readonly ParameterToInitialize[], seed: number): Params =>
  specs.map((spec) => {
    const initializer = checkInitializer(spec.initializer, `${spec.name}.initializer`)
    if (E.isLeft(initializer)) throw new RangeError(renderError(initializer.left))
    const { length, count } = weightVectorsSize(spec.shape)
    const values = new Float32Array(length * count)
    fill(values, spec, makeRandom(seed, `initialize/${spec.name}`))
    const { name, shape, role, neuronAxes } = spec
    return { name, shape, role, values, ...(neuronAxes === undefined ? {} : { neuronAxes }) }
  })

const shuffleVectors = (parameter: Parameter, random: Random): Parameter => {
  const { shape, neuronAxes } = parameter
  const { values: before, length, count } = weightVectorsOf(parameter.values, shape, neuronAxes)
  const values = new Float32Array(before.length)
  const vector = new Float32Array(length)
  for (let j = 0; j < count; j++) {
    for (let i = 0, at = j; i < length; i++, at += count) vector[i] = before[at]
    shuffleInPlace(vector, random)
    for (let i = 0, at = j; i < length; i++, at += count) values[at] = vector[i]
  }
  return { ...parameter, values: valuesOfWeightVectors({ values, length, count }, shape, neuronAxes) }
}

/**
 * Shuffle every weight vector: the paper's N_S, which keeps what training made of the values and forgets where it put them.
 *
 * @param params for example a network trained with Adam; never written.
 * @param roles whose vectors are shuffled; other parameters are handed on as they are (the same objects).
 * @param seed any safe integer; each parameter has a stream of its own.
 * @returns parameters whose every vector is a permutation of the given one.
 * @see arXiv:2003.02570 Section 5.1
 */
export const shuffleWeightVectors = (params: Params, roles: readonly ParameterRole[], seed: number): Params =>
  params.map((parameter) =>
    roles.includes(parameter.role)
      ? shuffleVectors(parameter, makeRandom(seed, `shuffleWeightVectors/${parameter.name}`))
      : parameter,
  )
