/**
 * What is known of a training set so that its inputs can be normalized: statistics as plain data, which a run directory can keep and a
 * worker thread can be given.
 */
import { type Examples, type InputShape, inputSizeOf } from '../dataset.ts'

/**
 * What is done to a value `p`, channel `c`, place `j`. The channels of a vector are its places.
 *
 * - `none`: `p`, as the authors' CIFAR-10 notebooks really train.
 * - `unit`: `p / 255`. Pixels only.
 * - `unit-minus-mean`: `p / 255 - mean_j`, the mean image of the training set. Pixels only.
 * - `standard`: `(p - mean_c) / deviation_c`, over all places and training inputs of a channel: zero mean, unit variance.
 */
export type Normalization = 'none' | 'unit' | 'unit-minus-mean' | 'standard'

/** Every {@link Normalization}, in the order to show them. */
export const normalizations: readonly Normalization[] = ['none', 'unit', 'unit-minus-mean', 'standard']

/** Whether a normalization has a meaning for floats of any range: it does not divide by 255. */
export const takesFloats = (normalization: Normalization): boolean =>
  normalization === 'none' || normalization === 'standard'

/** Why a normalization has no meaning for floats; `undefined` where it has one. */
export const floatsFault = (normalization: Normalization): string | undefined =>
  takesFloats(normalization)
    ? undefined
    : 'its inputs are floats, not pixels in 0..255, so that dividing by 255 has no meaning; use none (as they are) or standard (zero mean, unit variance)'

/** A normalization with its statistics. Plain data. */
export interface NormalizationStatistics {
  readonly kind: Normalization
  readonly inputShape: InputShape
  /** `unit-minus-mean`: one a place, `[...inputShape]`, of `p / 255`. `standard`: one a channel, of `p`. Else empty. */
  readonly mean: Float32Array
  /** `standard`: one a channel; 1 where all values are equal. Else empty. */
  readonly deviation: Float32Array
}

const none = new Float32Array(0)

const meanImage = ({ inputs, count }: Examples, inputSize: number): Float32Array => {
  // A sum of bytes is exact: up to 2^53 / 255 images.
  const sums = new Float64Array(inputSize)
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < inputSize; j++) sums[j] += inputs[at++]
  return Float32Array.from(sums, (sum) => sum / count / 255)
}

interface Moments {
  readonly mean: Float32Array
  readonly deviation: Float32Array
}

const momentsOfPixels = (pixels: Uint8Array, end: number, channels: number): Moments => {
  // Sums of bytes and of their squares are exact integers in float64.
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  for (let c = 0; c < channels; c++) {
    let sum = 0
    let square = 0
    for (let j = c; j < end; j += channels) {
      sum += pixels[j]
      square += pixels[j] * pixels[j]
    }
    sums[c] = sum
    squares[c] = square
  }
  const places = end / channels
  return {
    mean: Float32Array.from(sums, (sum) => sum / places),
    deviation: Float32Array.from(sums, (sum, c) => {
      const variance = squares[c] / places - (sum / places) * (sum / places)
      return variance > 0 ? Math.sqrt(variance) : 1
    }),
  }
}

const momentsOfFloats = (values: Float32Array, end: number, channels: number): Moments => {
  const places = end / channels
  const mean = new Float32Array(channels)
  const deviation = new Float32Array(channels)
  for (let c = 0; c < channels; c++) {
    let sum = 0
    for (let j = c; j < end; j += channels) sum += values[j]
    // Sums of floats are rounded: the squares are summed about the mean, so that little is cancelled.
    const center = sum / places
    let square = 0
    for (let j = c; j < end; j += channels) square += (values[j] - center) * (values[j] - center)
    mean[c] = center
    const rounded = Math.fround(Math.sqrt(square / places))
    deviation[c] = rounded > 0 ? rounded : 1
  }
  return { mean, deviation }
}

/**
 * Measure what a normalization needs to know of the training set. At most two passes over it.
 *
 * @throws RangeError when the inputs do not fit the shape, or the normalization has no meaning for floats (`checkPreparation` says so before).
 */
export const measureNormalization = (
  kind: Normalization,
  train: Examples,
  inputShape: InputShape,
): NormalizationStatistics => {
  const inputSize = inputSizeOf(inputShape)
  const { inputs, count } = train
  if (count < 1 || inputs.length < count * inputSize)
    throw new RangeError(
      `train: ${count} inputs of [${inputShape.join(', ')}] do not fit the ${inputs.length} values given`,
    )
  const fault = inputs instanceof Float32Array ? floatsFault(kind) : undefined
  if (fault !== undefined) throw new RangeError(`normalization is ${kind}, but ${fault}`)
  const base = { kind, inputShape, mean: none, deviation: none }
  const channels = inputShape[inputShape.length - 1]
  switch (kind) {
    case 'none':
    case 'unit':
      return base
    case 'unit-minus-mean':
      return { ...base, mean: meanImage(train, inputSize) }
    case 'standard': {
      const end = count * inputSize
      return {
        ...base,
        ...(inputs instanceof Float32Array
          ? momentsOfFloats(inputs, end, channels)
          : momentsOfPixels(inputs, end, channels)),
      }
    }
    default:
      return kind satisfies never
  }
}
