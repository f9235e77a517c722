/** A histogram of weights that depends on their values alone, never on their places. */

/** As TensorBoard keeps one (`HistogramProto`). */
export interface Histogram {
  readonly min: number
  readonly max: number
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  /** The right edge of each bucket. */
  readonly limits: readonly number[]
  /** How many values each bucket holds. */
  readonly counts: readonly number[]
}

const bucketCount = 64

/**
 * Count values in buckets of equal width between the smallest and the largest.
 *
 * The values are sorted first, so that sums are added in the same order whatever the places: a permutation of the values has the same
 * histogram, bit for bit.
 *
 * @param values finite, at least one; not written.
 */
export const histogramOf = (values: Float32Array): Histogram => {
  const sorted = values.slice().sort()
  const min = sorted[0]
  const max = sorted[sorted.length - 1]
  const limits =
    min === max
      ? [max]
      : Array.from({ length: bucketCount }, (_, i) =>
          i === bucketCount - 1 ? max : min + ((max - min) * (i + 1)) / bucketCount,
        )
  const counts = limits.map(() => 0)
  let bucket = 0
  let sum = 0
  let sumOfSquares = 0
  for (const value of sorted) {
    while (value > limits[bucket]) bucket++
    counts[bucket]++
    sum += value
    sumOfSquares += value * value
  }
  return { min, max, count: sorted.length, sum, sumOfSquares, limits, counts }
}
