/** How far training has moved the order of weights: the ranking distance of LaPerm by step. */
import type { Picture } from './picture.ts'
import { makeStepChart } from './step-chart.ts'

/** `values[i]` is the distance at `steps[i]`, of whatever the caller measures from. */
export interface DistanceChartData {
  readonly steps: Float64Array | readonly number[]
  readonly values: readonly number[] | Float64Array | Float32Array
  /** Steps at which LaPerm synchronized, ascending: ticks on the base line. */
  readonly syncSteps: readonly number[]
  readonly lastStep: number
}

export interface DistanceChartOptions {
  readonly title: string
  /** What is measured; by default the mean ranking distance as a share of the vector's length. */
  readonly yLabel?: string
}

/**
 * Make the chart: training-chart's axes from 0 up, one filled line.
 *
 * @see arXiv:2003.02570 Section 3 and Figure 3
 */
export const makeDistanceChart = ({
  title,
  yLabel = 'mean change in rank, as a share of the vector’s length',
}: DistanceChartOptions): Picture<DistanceChartData> => {
  const chart = makeStepChart({ title, yLabel, scale: 'linear', area: true })
  return {
    ...chart,
    update: ({ steps, values, syncSteps, lastStep }) =>
      chart.update({ series: [{ name: 'LaPerm', kind: 'laperm', steps, values }], syncSteps, lastStep }),
  }
}
