/** Moments of a layer's weights, wherever they stand. */

/** What the values of a layer are like. */
export interface ValueMoments {
  readonly mean: number
  /** Population. */
  readonly standardDeviation: number
  /** Third standardized moment; 0 where all weights are equal. */
  readonly skewness: number
  readonly min: number
  readonly max: number
  /** Share of weights that are +0 or -0. */
  readonly zeros: number
}

/**
 * Moments of finite values, in two passes.
 *
 * @returns of no values NaN, with minimum +Infinity and maximum -Infinity.
 */
export const valueMoments = (values: Float32Array): ValueMoments => {
  let sum = 0
  let zeros = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    sum += value
    if (value === 0) zeros++
    if (value < min) min = value
    if (value > max) max = value
  }
  const mean = sum / values.length
  let squares = 0
  let cubes = 0
  for (const value of values) {
    const difference = value - mean
    squares += difference * difference
    cubes += difference * difference * difference
  }
  const variance = squares / values.length
  const standardDeviation = Math.sqrt(variance)
  return {
    mean,
    standardDeviation,
    skewness: variance === 0 ? 0 : cubes / values.length / (variance * standardDeviation),
    min,
    max,
    zeros: zeros / values.length,
  }
}
