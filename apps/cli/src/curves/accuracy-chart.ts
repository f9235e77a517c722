/** Accuracies of runs as a figure: one curve a run, named at its end, so that it can be read without colours. */
import { type ChartSeries, curveChart, type Ink, inks, type Scene } from '@laperm/figures'
import type { Series } from './series.ts'

const hues = inks.filter((ink) => ink.startsWith('hue'))
const hueOf = (index: number): Ink => hues[index % hues.length] ?? 'line'

/**
 * Draw shares over epochs, in percent.
 *
 * @param curves a curve without points is left out. When all colours are taken they come again, dashed.
 */
export const accuracyChart = (title: string, curves: readonly Series[]): Scene => {
  const series = curves
    .filter(({ points }) => points.length > 0)
    .map(
      ({ label, points }, index): ChartSeries => ({
        label,
        ink: hueOf(index),
        isDashed: Math.floor(index / hues.length) % 2 === 1,
        points: points.map(([x, share]) => ({ x, mean: 100 * share, min: 100 * share, max: 100 * share })),
      }),
    )
  return curveChart(series, { title, xTitle: 'epoch', yTitle: 'percent of the test set', names: 'atEnds' })
}
