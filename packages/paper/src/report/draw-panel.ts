/** A panel of a figure with its results, drawn. */
import { type ChartSeries, curveChart, dotChart, type Ink, renderSvg } from '@laperm/figures'
import { curvePoints, smoothed } from '../curve-points.ts'
import type { Figure, Panel } from '../figure.ts'
import { bestOfCurve, type FigureResults, meanOf, runsOfCurve } from '../figure-results.ts'

const hues: readonly Ink[] = ['hue1', 'hue2', 'hue3', 'hue4', 'hue5', 'hue6', 'hue7', 'hue8']
const ramp: readonly Ink[] = [
  'ramp1',
  'ramp2',
  'ramp3',
  'ramp4',
  'ramp5',
  'ramp6',
  'ramp7',
  'ramp8',
  'ramp9',
  'ramp10',
]

/** Curves that are degrees of one thing take a ramp of colours, others colours that tell them apart. */
const inksOf = (labels: readonly string[]): readonly Ink[] => {
  const isDegree = (label: string): boolean => /^(k|p) = /.test(label)
  const degrees = labels.filter(isDegree).length
  let degree = 0
  let kind = 0
  return labels.map((label) =>
    degrees > 3 && isDegree(label)
      ? ramp[Math.round((degree++ * (ramp.length - 1)) / Math.max(1, degrees - 1))]
      : hues[kind++ % hues.length],
  )
}

/** The paper's number for a curve alone. */
const expectedOf = ({ numbers }: Figure, curve: string): number | null =>
  numbers.find((number) => number.curve === curve && number.minus === undefined)?.value ?? null

const drawEpochs = (panel: Panel & { readonly kind: 'epochs' }, results: FigureResults): string => {
  const labels = panel.lines.map(({ curve, label }) => label ?? curve)
  const inks = inksOf(labels)
  const epochs = Math.max(1, ...results.runs.map((run) => run.experiment?.epochs ?? 1))
  const [from, to] = panel.range ?? [0, 1]
  const series = panel.lines.map(({ curve, measure }, i): ChartSeries => {
    const all = curvePoints(runsOfCurve(results, curve), measure)
    const points = panel.isSmoothed === true ? smoothed(all) : all
    return {
      label: labels[i],
      ink: inks[i],
      isDashed: measure === 'inner',
      points: points.filter(({ x }) => x >= from * epochs && x <= to * epochs),
    }
  })
  return renderSvg(curveChart(series, { title: panel.title, xTitle: 'epoch', yTitle: 'accuracy in percent' }))
}

const drawAgainst = (panel: Panel & { readonly kind: 'against' }, results: FigureResults): string => {
  const inks = inksOf(panel.lines.map(({ label }) => label))
  const series = panel.lines.map(
    ({ label, points }, i): ChartSeries => ({
      label,
      ink: inks[i],
      points: points.flatMap(([x, curve]) => {
        const values = bestOfCurve(results, curve)
        const mean = meanOf(values)
        return mean === null ? [] : [{ x, mean, min: Math.min(...values), max: Math.max(...values) }]
      }),
    }),
  )
  return renderSvg(
    curveChart(series, {
      title: panel.title,
      xTitle: panel.axis,
      yTitle: 'best test accuracy in percent',
      xScale: panel.isLogarithmic === true ? 'log' : 'linear',
      hasDots: true,
    }),
  )
}

/** Draw a panel as SVG that follows the reader's scheme. */
export const drawPanel = (panel: Panel, figure: Figure, results: FigureResults): string => {
  switch (panel.kind) {
    case 'epochs':
      return drawEpochs(panel, results)
    case 'against':
      return drawAgainst(panel, results)
    case 'rows':
      return renderSvg(
        dotChart(
          panel.curves.map((label) => ({
            label,
            values: bestOfCurve(results, label),
            // Where accuracies say nothing, the paper's number would only stretch the scale.
            expected: results.record.scale === 'smoke' ? null : expectedOf(figure, label),
          })),
          panel.title,
          'percent of the test set; a dot a seed, black the mean, orange the paper\u2019s number',
        ),
      )
    default:
      return panel satisfies never
  }
}
