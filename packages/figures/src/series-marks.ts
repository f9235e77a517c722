/** One series in a plot: its line, the range behind it, its name at its end. */
import { belowMiddle, type ChartRoom, type Plot } from './plot-frame.ts'
import type { Ink, Mark, Point } from './scene.ts'
import { spreadLabels } from './spread.ts'
import type { Summary } from './summary.ts'

/** How a series is told from the others: by colour and by dash, so that neither is needed. */
export interface SeriesLook {
  readonly ink: Ink
  readonly width: number
  readonly dash?: 'dashed' | 'dotted'
}

/** Stretches of points whose means can be drawn: a value that is no number breaks a line. */
const stretches = (
  plot: Plot,
  { count, mean }: Summary,
): readonly (readonly [from: number, to: number])[] => {
  const found: (readonly [number, number])[] = []
  for (let from = 0; from < count; from++) {
    if (!Number.isFinite(plot.y(mean[from]))) continue
    let to = from
    while (to + 1 < count && Number.isFinite(plot.y(mean[to + 1]))) to++
    found.push([from, to])
    from = to
  }
  return found
}

/** Lowest to highest of the values that a point stands for. */
export const rangeMarks = (plot: Plot, ink: Ink, summary: Summary): readonly Mark[] => {
  const { steps, low, high } = summary
  // On a logarithmic axis 0 lies infinitely far below.
  const inside = (value: number): number => {
    const y = plot.y(value)
    return Number.isFinite(y) ? Math.min(y, plot.bottom) : plot.bottom
  }
  return stretches(plot, summary).map(([from, to]): Mark => {
    const points: Point[] = []
    for (let i = from; i <= to; i++) points.push([plot.x(steps[i]), inside(high[i])])
    for (let i = to; i >= from; i--) points.push([plot.x(steps[i]), inside(low[i])])
    return { kind: 'area', points, ink, opacity: 0.12 }
  })
}

/** The line through the means. */
export const lineMarks = (plot: Plot, look: SeriesLook, summary: Summary): readonly Mark[] => {
  const { steps, mean } = summary
  return stretches(plot, summary).map(([from, to]): Mark => {
    const points: Point[] = []
    for (let i = from; i <= to; i++) points.push([plot.x(steps[i]), plot.y(mean[i])])
    return { kind: 'line', points, ...look }
  })
}

/** A name to be written beside the end of a line. */
export interface EndLabel {
  readonly name: string
  readonly ink: Ink
  readonly x: number
  readonly y: number
}

/** Names beside the ends of lines, each in its line's colour, none on another. */
export const endLabelMarks = (
  { height, fontSize }: ChartRoom,
  plot: Plot,
  labels: readonly EndLabel[],
): readonly Mark[] => {
  const room = fontSize * 1.25
  const centres = spreadLabels(
    labels.map(({ y }) => y),
    room,
    room / 2,
    Math.min(height - room / 2, plot.bottom - room / 3),
  )
  return labels.map(
    ({ name, ink, x }, i): Mark => ({
      kind: 'text',
      at: [x + 9, centres[i] + fontSize * belowMiddle],
      text: name,
      ink,
      size: fontSize,
      anchor: 'start',
      isBold: true,
      hasHalo: true,
    }),
  )
}
