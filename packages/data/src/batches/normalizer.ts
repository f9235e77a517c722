/**
 * From bytes 0..255 to the numbers a network sees. Statistics come from the training set alone; here they are plain data, so that a run
 * directory can keep them and a worker thread can be given them.
 */
import type { Examples } from '../dataset.ts'
import { lookUp, lookUpMinusMean, lookUpPerChannel } from './pixel-tables.ts'

/**
 * What is done to a pixel `p`, channel `c`, place `j`.
 *
 * - `none`: `p`, as the authors' CIFAR-10 notebooks really train.
 * - `unit`: `p / 255`.
 * - `unit-minus-mean`: `p / 255 - mean_j`, the mean image of the training set.
 * - `standard`: `(p - mean_c) / deviation_c`, over all places and training images of a channel: zero mean, unit variance.
 */
export type Normalization = 'none' | 'unit' | 'unit-minus-mean' | 'standard'

/** Every {@link Normalization}, in the order to show them. */
export const normalizations: readonly Normalization[] = ['none', 'unit', 'unit-minus-mean', 'standard']

/** A normalization with its statistics. Plain data. */
export interface NormalizationStatistics {
  readonly kind: Normalization
  readonly inputShape: readonly [number, number, number]
  /** `unit-minus-mean`: one a place, `[height, width, channels]`, of `p / 255`. `standard`: one a channel, of `p`. Else empty. */
  readonly mean: Float32Array
  /** `standard`: one a channel; 1 where all pixels are equal. Else empty. */
  readonly deviation: Float32Array
}

/** Writes normalized batches. Holds no state but its tables. */
export interface Normalizer {
  readonly statistics: NormalizationStatistics
  /**
   * `out[i] = normalize(images[indices[start + i]])` for `i < size`, `[size, ...inputShape]`.
   *
   * Cost: one table look-up a value, about a nanosecond.
   *
   * @param indices example numbers below `examples.count` (not checked: this is a hot loop).
   * @param out at least `size` images long; owned by the caller.
   * @throws RangeError when `indices` or `out` is too short.
   */
  readonly fill: (
    examples: Examples,
    indices: Uint32Array,
    start: number,
    size: number,
    out: Float32Array,
  ) => void
  /**
   * The same for pixels that are no longer bytes, as augmentation makes them: `[size, ...inputShape]` in 0..255. Whole pixels give the
   * same bits as {@link Normalizer.fill}. `out` may be `pixels` itself.
   *
   * @throws RangeError when `pixels` or `out` is too short.
   */
  readonly fillFrom: (pixels: Float32Array, size: number, out: Float32Array) => void
}

const none = new Float32Array(0)

const meanImage = (train: Examples, imageSize: number): Float32Array => {
  // A sum of bytes is exact: up to 2^53 / 255 images.
  const sums = new Float64Array(imageSize)
  const { images, count } = train
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < imageSize; j++) sums[j] += images[at++]
  return Float32Array.from(sums, (sum) => sum / count / 255)
}

const channelMoments = (
  train: Examples,
  imageSize: number,
  channels: number,
): { readonly mean: Float32Array; readonly deviation: Float32Array } => {
  const { images, count } = train
  // Counting the 256 values makes both sums exact integers.
  const histogram = new Float64Array(channels * 256)
  const end = count * imageSize
  for (let c = 0; c < channels; c++) for (let j = c; j < end; j += channels) histogram[c * 256 + images[j]]++
  const places = end / channels
  const mean = new Float32Array(channels)
  const deviation = new Float32Array(channels)
  for (let c = 0; c < channels; c++) {
    let sum = 0
    let squares = 0
    for (let p = 0; p < 256; p++) {
      sum += histogram[c * 256 + p] * p
      squares += histogram[c * 256 + p] * p * p
    }
    mean[c] = sum / places
    const variance = squares / places - (sum / places) * (sum / places)
    deviation[c] = variance > 0 ? Math.sqrt(variance) : 1
  }
  return { mean, deviation }
}

/** Measure what a normalization needs to know of the training set. One pass over it, about a nanosecond a pixel. */
export const measureNormalization = (
  kind: Normalization,
  train: Examples,
  inputShape: readonly [number, number, number],
): NormalizationStatistics => {
  const imageSize = inputShape[0] * inputShape[1] * inputShape[2]
  if (train.count < 1 || train.images.length < train.count * imageSize)
    throw new RangeError(
      `train: ${train.count} images of [${inputShape.join(', ')}] do not fit the ${train.images.length} bytes given`,
    )
  const base = { kind, inputShape, mean: none, deviation: none }
  switch (kind) {
    case 'none':
    case 'unit':
      return base
    case 'unit-minus-mean':
      return { ...base, mean: meanImage(train, imageSize) }
    case 'standard':
      return { ...base, ...channelMoments(train, imageSize, inputShape[2]) }
    default:
      return kind satisfies never
  }
}

/** The normalizer that belongs to statistics measured before: in another process, or kept in a run directory. */
export const normalizerFromStatistics = (statistics: NormalizationStatistics): Normalizer => {
  const { kind, inputShape, mean, deviation } = statistics
  const channels = inputShape[2]
  const imageSize = inputShape[0] * inputShape[1] * channels
  // One column of 256 a channel; without per-channel statistics a single one serves all.
  const columns = kind === 'standard' ? channels : 1
  const divisor = (column: number): number =>
    kind === 'none' ? 1 : kind === 'standard' ? deviation[column] : 255
  const shift = (column: number): number => (kind === 'standard' ? mean[column] : 0)
  const table = Float32Array.from(
    { length: columns * 256 },
    (_, at) => ((at & 255) - shift(at >> 8)) / divisor(at >> 8),
  )
  const isMinusMean = kind === 'unit-minus-mean'

  const requireRoom = (what: string, values: Float32Array, size: number): void => {
    if (values.length < size * imageSize)
      throw new RangeError(
        `${what}: must hold ${size} images of ${imageSize} values, but has room for ${values.length}`,
      )
  }

  const fill: Normalizer['fill'] = (examples, indices, start, size, out) => {
    if (start < 0 || start + size > indices.length)
      throw new RangeError(`indices: ${start} + ${size} is beyond the ${indices.length} given`)
    requireRoom('out', out, size)
    const { images } = examples
    for (let i = 0; i < size; i++) {
      const from = indices[start + i] * imageSize
      const to = i * imageSize
      if (isMinusMean) lookUpMinusMean(images, from, out, to, imageSize, table, mean)
      else if (columns === 1) lookUp(images, from, out, to, imageSize, table)
      else lookUpPerChannel(images, from, out, to, imageSize, table, columns)
    }
  }

  const fillFrom: Normalizer['fillFrom'] = (pixels, size, out) => {
    requireRoom('pixels', pixels, size)
    requireRoom('out', out, size)
    const end = size * imageSize
    for (let c = 0; c < columns; c++) {
      const by = divisor(c)
      const minus = shift(c)
      for (let j = c; j < end; j += columns) out[j] = (pixels[j] - minus) / by
    }
    if (isMinusMean)
      for (let i = 0, at = 0; i < size; i++) for (let j = 0; j < imageSize; j++) out[at++] -= mean[j]
  }

  return { statistics, fill, fillFrom }
}

/**
 * The normalizer of a training set.
 *
 * @param train its statistics are used for test examples too.
 * @throws RangeError when the images do not fit the shape.
 */
export const makeNormalizer = (
  kind: Normalization,
  train: Examples,
  inputShape: readonly [number, number, number],
): Normalizer => normalizerFromStatistics(measureNormalization(kind, train, inputShape))
