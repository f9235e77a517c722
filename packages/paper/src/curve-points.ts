/** From a curve's runs to the points that are drawn: mean, least and greatest over its seeds at each epoch. */
import type { ChartPoint } from '@laperm/figures'
import type { Measure } from './figure.ts'
import { measured, type RunResult } from './figure-results.ts'

/** Over the seeds, at each epoch that any of them measured. */
export const curvePoints = (runs: readonly RunResult[], measure: Measure): readonly ChartPoint[] => {
  const byEpoch = new Map<number, number[]>()
  for (const { epochs } of runs)
    for (const metrics of epochs) {
      const value = measured(metrics, measure)
      if (value === null) continue
      const values = byEpoch.get(metrics.epoch)
      if (values === undefined) byEpoch.set(metrics.epoch, [value])
      else values.push(value)
    }
  return [...byEpoch]
    .sort(([one], [other]) => one - other)
    .map(([x, values]) => ({
      x,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
    }))
}

/** Points on either side that a smoothed one is fitted to. */
const reach = 5

/** The value at 0 of the parabola that is nearest to the points; of fewer than three their mean. */
const parabolaAtZero = (points: readonly (readonly [x: number, y: number])[]): number => {
  const sums = (power: number): number => points.reduce((sum, [x]) => sum + x ** power, 0)
  const moments = (power: number): number => points.reduce((sum, [x, y]) => sum + y * x ** power, 0)
  const [s0, s1, s2, s3, s4] = [0, 1, 2, 3, 4].map(sums)
  const [m0, m1, m2] = [0, 1, 2].map(moments)
  const determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2)
  if (points.length < 3 || Math.abs(determinant) < 1e-9) return m0 / s0
  return (m0 * (s2 * s4 - s3 * s3) - s1 * (m1 * s4 - m2 * s3) + s2 * (m1 * s3 - m2 * s2)) / determinant
}

/**
 * Smooth the means by local parabolas, as Figure 6 (b) and (c) are; bands are left out.
 *
 * @see Savitzky and Golay 1964
 */
export const smoothed = (points: readonly ChartPoint[]): readonly ChartPoint[] =>
  points.map(({ x }, i) => {
    const near = points.slice(Math.max(0, i - reach), i + reach + 1)
    const mean = parabolaAtZero(near.map((point) => [point.x - x, point.mean]))
    return { x, mean, min: mean, max: mean }
  })
