/** One series in a plot: its line, the range behind it, its name at its end. */
import { fontOf, type Plot } from './axes.ts'
import type { Frame } from './canvas.ts'
import { fillTextOnGround } from './halo-text.ts'
import { type SeriesKind, seriesStyles } from './series-style.ts'
import { spreadLabels } from './spread.ts'
import type { Summary } from './summary.ts'

/** Trace the line through the means; a value that is no number breaks it. */
const traceLine = (context: CanvasRenderingContext2D, plot: Plot, { count, steps, mean }: Summary): void => {
  context.beginPath()
  let broken = true
  for (let i = 0; i < count; i++) {
    const y = plot.y(mean[i])
    if (!Number.isFinite(y)) broken = true
    else {
      if (broken) context.moveTo(plot.x(steps[i]), y)
      else context.lineTo(plot.x(steps[i]), y)
      broken = false
    }
  }
}

/** Lowest to highest of the values that a point stands for. */
export const drawRange = (
  { context, theme }: Frame,
  plot: Plot,
  kind: SeriesKind,
  { count, steps, mean, low, high }: Summary,
): void => {
  // On a logarithmic axis 0 lies infinitely far below.
  const inside = (value: number): number => {
    const y = plot.y(value)
    return Number.isFinite(y) ? Math.min(y, plot.bottom) : plot.bottom
  }
  context.globalAlpha = 0.12
  context.fillStyle = theme[kind]
  context.beginPath()
  for (let from = 0; from < count; from++) {
    if (!Number.isFinite(plot.y(mean[from]))) continue
    let to = from
    while (to + 1 < count && Number.isFinite(plot.y(mean[to + 1]))) to++
    context.moveTo(plot.x(steps[from]), inside(high[from]))
    for (let i = from + 1; i <= to; i++) context.lineTo(plot.x(steps[i]), inside(high[i]))
    for (let i = to; i >= from; i--) context.lineTo(plot.x(steps[i]), inside(low[i]))
    context.closePath()
    from = to
  }
  context.fill()
  context.globalAlpha = 1
}

/** The line itself. */
export const drawLine = ({ context, theme }: Frame, plot: Plot, kind: SeriesKind, summary: Summary): void => {
  const { width, dash } = seriesStyles[kind]
  traceLine(context, plot, summary)
  context.lineJoin = 'round'
  context.lineCap = dash.length > 0 && dash[0] >= 1 ? 'butt' : 'round'
  context.strokeStyle = theme[kind]
  context.lineWidth = width
  context.setLineDash([...dash])
  context.stroke()
  context.setLineDash([])
}

/** A name to be written beside the end of a line. */
export interface EndLabel {
  readonly name: string
  readonly kind: SeriesKind
  readonly x: number
  readonly y: number
}

/** Write names beside the ends of lines, each in its line's colour, none on another. */
export const drawEndLabels = (frame: Frame, labels: readonly EndLabel[], plot: Plot): void => {
  const { context, theme, height } = frame
  context.font = fontOf(theme, 1, 600)
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  const room = theme.fontSize * 1.25
  const centres = spreadLabels(
    labels.map(({ y }) => y),
    room,
    room / 2,
    Math.min(height - room / 2, plot.bottom - room / 3),
  )
  labels.forEach(({ name, kind, x }, i) => {
    fillTextOnGround(frame, name, x + 9, centres[i], theme[kind])
  })
}

/** A ring or a dot on a line. */
export const drawMark = (
  { context, theme }: Frame,
  x: number,
  y: number,
  kind: SeriesKind,
  fill: 'open' | 'full',
  radius: number,
): void => {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill === 'open' ? theme.surface : theme[kind]
  context.strokeStyle = fill === 'open' ? theme[kind] : theme.surface
  context.lineWidth = 1.5
  context.fill()
  context.stroke()
}
