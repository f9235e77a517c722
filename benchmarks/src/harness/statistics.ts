/** Median and spread of a handful of measurements. Means would let one hiccup of a noisy machine decide. */

/** A measured quantity: its median and the middle half of its measurements. */
export interface Spread {
  readonly median: number
  /** First and third quartile. */
  readonly low: number
  readonly high: number
  readonly count: number
  /** In the order in which they were made. */
  readonly measurements: readonly number[]
}

const quantile = (sorted: Float64Array, fraction: number): number => {
  const place = (sorted.length - 1) * fraction
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}

/** Summarize measurements. @throws RangeError when there is none. */
export const spreadOf = (measurements: readonly number[]): Spread => {
  if (measurements.length === 0) throw new RangeError('measurements: at least one is needed')
  const sorted = Float64Array.from(measurements).sort()
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
    measurements,
  }
}

/**
 * The ratio of two quantities that took turns: of each round, then the median and quartiles of those. What slows a whole round down leaves it
 * as it is; a ratio of medians compares one's slow rounds with the other's fast ones.
 */
export const pairedRatio = (quantity: Spread, base: Spread): Spread =>
  spreadOf(quantity.measurements.map((value, round) => value / base.measurements[round]))

/** Mean and sample standard deviation, for accuracies over seeds. */
export const meanAndDeviation = (
  values: readonly number[],
): { readonly mean: number; readonly deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
