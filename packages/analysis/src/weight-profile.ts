/** Weight profiles: statistics of sorted weight vectors, and how similar those of one matrix are (SoWP, Section 2). Numbers, no plots. */
import type { WeightVectors } from '@laperm/core'
import { sortInto } from '@laperm/core/kernel'

/** What the sorted weight vectors of one matrix have in common. Entry `r` of each array is about the weights of rank `r`. */
export interface WeightProfile {
  /** Mean over the vectors, `length` entries: the common profile. */
  readonly mean: Float64Array
  readonly min: Float32Array
  readonly max: Float32Array
  /** Standard deviation across the vectors (population). */
  readonly standardDeviation: Float64Array
  /**
   * Share of the variance of all weights that the common profile explains:
   *
   *     1 - sum_{r,j} (s_j[r] - mean[r])^2 / sum_{r,j} (s_j[r] - grand mean)^2
   *
   * with s_j the sorted vectors. 1: all vectors hold the same values; 0: knowing the rank of a weight says nothing about its value.
   * 1 also where all weights are equal or there are none.
   */
  readonly similarity: number
}

/**
 * Profile a weight matrix.
 *
 * @param w weight vectors; not written.
 * @returns of a matrix without vectors, means and deviations are NaN, minima +Infinity and maxima -Infinity.
 * Cost: one sort and two passes.
 * @throws DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Section 2
 */
export const weightProfile = (w: WeightVectors): WeightProfile =>
  profileInto(w, new Float32Array(w.values.length))

/** The same without memory of its own. @param sorted is overwritten, and may be `w.values`. */
export const profileInto = (w: WeightVectors, sorted: Float32Array): WeightProfile => {
  const { length, count } = w
  sortInto(w, sorted)
  const mean = new Float64Array(length)
  const min = new Float32Array(length).fill(Number.POSITIVE_INFINITY)
  const max = new Float32Array(length).fill(Number.NEGATIVE_INFINITY)
  const standardDeviation = new Float64Array(length)
  let within = 0
  for (let r = 0; r < length; r++) {
    const row = sorted.subarray(r * count, (r + 1) * count)
    let sum = 0
    for (let j = 0; j < count; j++) {
      sum += row[j]
      if (row[j] < min[r]) min[r] = row[j]
      if (row[j] > max[r]) max[r] = row[j]
    }
    mean[r] = sum / count
    let squares = 0
    for (let j = 0; j < count; j++) squares += (row[j] - mean[r]) ** 2
    standardDeviation[r] = Math.sqrt(squares / count)
    within += squares
  }
  const grandMean = mean.reduce((sum, value) => sum + value, 0) / length
  // Sums of squares add up: the total is what lies within the ranks plus what lies between them.
  const between = count * mean.reduce((sum, value) => sum + (value - grandMean) ** 2, 0)
  const total = within + between
  return { mean, min, max, standardDeviation, similarity: total > 0 ? between / total : 1 }
}
