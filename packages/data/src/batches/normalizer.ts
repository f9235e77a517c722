/**
 * From bytes 0..255, or floats, to the numbers a network sees.
 */
import { type Examples, type InputShape, inputSizeOf } from '../dataset.ts'
import { measureNormalization, type Normalization, type NormalizationStatistics } from './normalization.ts'
import { lookUp, lookUpMinusMean, lookUpPerChannel } from './pixel-tables.ts'

/** Channels that have a table of their own; more (long vectors) are computed value by value, with the same bits. */
const mostTables = 16

/** Writes normalized batches. Holds no state but its tables. */
export interface Normalizer {
  readonly statistics: NormalizationStatistics
  /**
   * `out[i] = normalize(inputs[indices[start + i]])` for `i < size`, `[size, ...inputShape]`.
   *
   * Cost: one table look-up a byte; floats are copied and computed.
   *
   * @param indices example numbers below `examples.count` (not checked: this is a hot loop).
   * @param out at least `size` inputs long; owned by the caller.
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
   * The same for values in hand, such as pixels that augmentation has moved: `[size, ...inputShape]`. Whole pixels give the same bits
   * as {@link Normalizer.fill}. `out` may be `values` itself.
   *
   * @throws RangeError when `values` or `out` is too short.
   */
  readonly fillFrom: (values: Float32Array, size: number, out: Float32Array) => void
}

/** The normalizer that belongs to statistics measured before: in another process, or kept in a run directory. */
export const normalizerFromStatistics = (statistics: NormalizationStatistics): Normalizer => {
  const { kind, inputShape, mean, deviation } = statistics
  const channels = inputShape[inputShape.length - 1]
  const inputSize = inputSizeOf(inputShape)
  // One column of 256 a channel; without per-channel statistics a single one serves all.
  const columns = kind === 'standard' ? channels : 1
  const divisor = (column: number): number =>
    kind === 'none' ? 1 : kind === 'standard' ? deviation[column] : 255
  const shift = (column: number): number => (kind === 'standard' ? mean[column] : 0)
  const tables = columns <= mostTables ? columns : 0
  const table = Float32Array.from(
    { length: tables * 256 },
    (_, at) => ((at & 255) - shift(at >> 8)) / divisor(at >> 8),
  )
  const isMinusMean = kind === 'unit-minus-mean'

  const requireRoom = (what: string, values: Float32Array, size: number): void => {
    if (values.length < size * inputSize)
      throw new RangeError(
        `${what}: must hold ${size} inputs of ${inputSize} values, but has room for ${values.length}`,
      )
  }

  const fillFrom: Normalizer['fillFrom'] = (values, size, out) => {
    requireRoom('values', values, size)
    requireRoom('out', out, size)
    const end = size * inputSize
    for (let c = 0; c < columns; c++) {
      const by = divisor(c)
      const minus = shift(c)
      for (let j = c; j < end; j += columns) out[j] = (values[j] - minus) / by
    }
    if (isMinusMean)
      for (let i = 0, at = 0; i < size; i++) for (let j = 0; j < inputSize; j++) out[at++] -= mean[j]
  }

  const fill: Normalizer['fill'] = (examples, indices, start, size, out) => {
    if (start < 0 || start + size > indices.length)
      throw new RangeError(`indices: ${start} + ${size} is beyond the ${indices.length} given`)
    requireRoom('out', out, size)
    const { inputs } = examples
    if (inputs instanceof Float32Array || tables === 0) {
      for (let i = 0; i < size; i++) {
        const from = indices[start + i] * inputSize
        out.set(inputs.subarray(from, from + inputSize), i * inputSize)
      }
      fillFrom(out, size, out)
      return
    }
    for (let i = 0; i < size; i++) {
      const from = indices[start + i] * inputSize
      const to = i * inputSize
      if (isMinusMean) lookUpMinusMean(inputs, from, out, to, inputSize, table, mean)
      else if (columns === 1) lookUp(inputs, from, out, to, inputSize, table)
      else lookUpPerChannel(inputs, from, out, to, inputSize, table, columns)
    }
  }

  return { statistics, fill, fillFrom }
}

/**
 * The normalizer of a training set.
 *
 * @param train its statistics are used for test examples too.
 * @throws RangeError as {@link measureNormalization} does.
 */
export const makeNormalizer = (kind: Normalization, train: Examples, inputShape: InputShape): Normalizer =>
  normalizerFromStatistics(measureNormalization(kind, train, inputShape))
