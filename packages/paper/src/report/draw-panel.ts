/** A panel of a figure with its results, drawn. */
import { type ChartSeries, curveChart, dotChart, type Ink, inks, renderSvg } from '@laperm/figures'
import { curvePoints, smoothed } from '../curve-points.ts'
import type { Figure, Measure, Panel } from '../figure.ts'
import { bestOfCurve, chooseCurve, type FigureResults, meanOf, runsOfCurve } from '../figure-results.ts'
import { drawSwept, drawVariants } from './draw-variants.ts'
import { drawProfiles, drawReconnection } from './draw-weights.ts'
import { drawn, type Html, html, table } from './html.ts'

const hues = inks.filter((ink) => ink.startsWith('hue'))
const ramp = inks.filter((ink) => ink.startsWith('ramp'))

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

/** What the vertical axis of each measure is. */
const units: Readonly<Record<Measure, string>> = {
  test: 'accuracy in percent',
  inner: 'accuracy in percent',
  train: 'accuracy in percent',
  trained: 'accuracy in percent',
  testLoss: 'mean cross-entropy in nats',
  rankingMean: 'percent of the vector\u2019s length, from step to step',
  rankingDeviation: 'percent of the vector\u2019s length, from step to step',
}

const drawEpochs = (panel: Panel & { readonly kind: 'epochs' }, results: FigureResults): string => {
  const labels = panel.lines.map(({ curve, label }) => label ?? curve)
  const inkOfLine = inksOf(labels)
  const epochs = Math.max(1, ...results.runs.map((run) => run.experiment?.epochs ?? 1))
  const [from, to] = panel.range ?? [0, 1]
  const series = panel.lines.map(({ curve, measure }, i): ChartSeries => {
    const all = curvePoints(runsOfCurve(results, curve), measure)
    const points = panel.isSmoothed === true ? smoothed(all) : all
    return {
      label: labels[i],
      ink: inkOfLine[i],
      isDashed: measure === 'inner',
      points: points.filter(({ x }) => x >= from * epochs && x <= to * epochs),
    }
  })
  return renderSvg(
    curveChart(series, {
      title: panel.title,
      xTitle: 'epoch',
      yTitle: units[panel.lines[0]?.measure ?? 'test'],
    }),
  )
}

const drawAgainst = (panel: Panel & { readonly kind: 'against' }, results: FigureResults): string => {
  const inkOfLine = inksOf(panel.lines.map(({ label }) => label))
  const series = panel.lines.map(
    ({ label, points }, i): ChartSeries => ({
      label,
      ink: inkOfLine[i],
      points: points.flatMap(([x, curves]) => {
        const values = bestOfCurve(results, chooseCurve(results, curves))
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

const svgOr = (title: string, svg: string | null): Html =>
  svg === null
    ? html`<p class="where">${title}: no run has finished, so there are no weights to show.</p>`
    : drawn(svg)

/**
 * Draw a panel; drawings follow the reader's scheme.
 *
 * @returns HTML. What shows weights reads them from the curve's first finished run.
 */
export const drawPanel = async (panel: Panel, figure: Figure, results: FigureResults): Promise<Html> => {
  switch (panel.kind) {
    case 'epochs':
      return drawn(drawEpochs(panel, results))
    case 'against':
      return drawn(drawAgainst(panel, results))
    case 'rows':
      return drawn(
        renderSvg(
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
        ),
      )
    case 'variants':
      return drawn(drawVariants(panel, figure, results))
    case 'swept':
      return drawn(drawSwept(panel, figure, results))
    case 'profiles':
      return svgOr(panel.title, await drawProfiles(panel.title, runsOfCurve(results, panel.curve)))
    case 'reconnection':
      return svgOr(panel.title, await drawReconnection(panel.title, runsOfCurve(results, panel.curve)))
    case 'facts':
      return html`<h3>${panel.title}</h3>${table(
        panel.rows,
        panel.columns.map((title, i) => ({
          title,
          ...(i === 0 ? {} : { isNumber: true as const }),
          cell: (row: readonly string[]) => row[i] ?? '',
        })),
      )}`
    default:
      return panel satisfies never
  }
}
