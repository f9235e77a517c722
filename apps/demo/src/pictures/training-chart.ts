/** The optimizers beside each other: accuracy or loss by step, with LaPerm's synchronizations marked. */
import type { Picture } from './picture.ts'
import { makeStepChart, type StepChartData, type StepChartOptions } from './step-chart.ts'

export type { Series } from './step-chart.ts'

/** `series`, `syncSteps` (ascending) and `lastStep`; arrays may be the caller's own growing ones. */
export type TrainingChartData = StepChartData

/** `title`, `yLabel`, `scale`; with `valueFormat: 'percent'` values are fractions written as per cent. */
export type TrainingChartOptions = Omit<StepChartOptions, 'area'>

/**
 * Make the chart.
 *
 * Rings on LaPerm's line and ticks on the base line are synchronizations, thinned where they would touch. A run with more
 * steps than pixels is drawn as the mean of neighbouring steps, with their range behind it; what is read at a step is always the value measured
 * there.
 *
 * @see arXiv:2003.02570 Figure 5
 */
export const makeTrainingChart = (options: TrainingChartOptions): Picture<TrainingChartData> =>
  makeStepChart(options)
