/** theta: the vector of values, ascending, that all neurons of a layer are thought to share (D2-theta of Section 5.3). */
import type { ValueMoments } from './value-moments.ts'

/**
 * Where the shared values come from.
 *
 * - `mean`: the layer's mean sorted vector.
 * - `two`, `three`: two or three values only, the means of that many equal parts of the mean sorted vector.
 * - `gaussian`, `uniform`: quantiles of such a distribution with the layer's mean and standard deviation.
 */
export const commonProfileKinds = ['mean', 'two', 'three', 'gaussian', 'uniform'] as const
/** One of {@link commonProfileKinds}. */
export type CommonProfileKind = (typeof commonProfileKinds)[number]

/** The means of `parts` runs of entries that are as equal in length as can be, each in place of its entries. */
const inParts = (profile: Float64Array, parts: number): Float64Array => {
  const { length } = profile
  const result = new Float64Array(length)
  for (let part = 0; part < parts; part++) {
    const [from, to] = [Math.round((part * length) / parts), Math.round(((part + 1) * length) / parts)]
    const sum = profile.subarray(from, to).reduce((total, value) => total + value, 0)
    result.fill(sum / (to - from), from, to)
  }
  return result
}

/**
 * The quantile of the standard normal distribution; absolute error below 1e-6 in (1e-9, 1 - 1e-9).
 *
 * @see P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003)
 */
export const normalQuantile = (share: number): number => {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ]
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ]
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
  const at = (coefficients: readonly number[], x: number): number =>
    coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
  const tail = (p: number): number => {
    const q = Math.sqrt(-2 * Math.log(p))
    return at(c, q) / at([...d, 1], q)
  }
  if (share < 0.02425) return tail(share)
  if (share > 1 - 0.02425) return -tail(1 - share)
  const q = share - 0.5
  const r = q * q
  return (at(a, r) * q) / at([...b, 1], r)
}

/**
 * Shared values for a layer.
 *
 * @param mean the layer's mean sorted vector, ascending; not written.
 * @param moments of the layer's weights.
 * @returns as many values, ascending.
 */
export const commonProfile = (
  kind: CommonProfileKind,
  mean: Float64Array,
  moments: ValueMoments,
): Float64Array => {
  const quantiles = (quantile: (share: number) => number): Float64Array =>
    Float64Array.from(
      mean,
      (_, rank) => moments.mean + moments.standardDeviation * quantile((rank + 0.5) / mean.length),
    )
  switch (kind) {
    case 'mean':
      return mean.slice()
    case 'two':
      return inParts(mean, Math.min(2, mean.length))
    case 'three':
      return inParts(mean, Math.min(3, mean.length))
    case 'gaussian':
      return quantiles(normalQuantile)
    case 'uniform':
      return quantiles((share) => (2 * share - 1) * Math.sqrt(3))
    default:
      return kind satisfies never
  }
}
