/** The frame of a plot: few grid lines, a base line, numbers outside. */
import type { Frame } from './canvas.ts'
import type { Theme } from './theme.ts'
import type { Axis } from './ticks.ts'

/** Where data are drawn, in CSS pixels of the canvas, and how values get there. */
export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

export const fontOf = (theme: Theme, size = 1, weight = 400): string =>
  `${weight} ${theme.fontSize * size}px ${theme.font}`

/** Size of the numbers beside the axes, in the figure's own font size. */
export const tickSize = 0.92

/** The widest label, so that a margin fits it. */
const widest = (context: CanvasRenderingContext2D, labels: readonly string[]): number =>
  labels.reduce((most, label) => Math.max(most, context.measureText(label).width), 0)

/**
 * Lay out a plot.
 *
 * @param right room to the right of it, for what is written beside the lines.
 */
export const layOutPlot = (
  { context, width, height, theme }: Frame,
  x: Axis,
  y: Axis,
  right: number,
): Plot => {
  context.font = fontOf(theme, tickSize)
  const labels = y.ticks.map(({ label }) => label)
  const left = Math.ceil(widest(context, labels)) + 8
  const top = Math.ceil(theme.fontSize * 0.7)
  const bottom = height - Math.ceil(theme.fontSize * 1.8)
  const plotRight = Math.max(left + 1, width - right)
  return {
    left,
    right: plotRight,
    top,
    bottom,
    x: (value) => left + x.position(value) * (plotRight - left),
    y: (value) => bottom - y.position(value) * (bottom - top),
  }
}

/** A coordinate at which a hairline fills whole device pixels. */
export const crisp = (coordinate: number, pixelRatio: number): number =>
  (Math.floor(coordinate * pixelRatio) + 0.5) / pixelRatio

/**
 * Draw grid, base line and numbers.
 *
 * @param xName what the horizontal axis counts, written at its end.
 */
export const drawAxes = (
  { context, width, pixelRatio, theme }: Frame,
  plot: Plot,
  x: Axis,
  y: Axis,
  xName: string,
): void => {
  const hair = 1 / pixelRatio
  context.font = fontOf(theme, tickSize)
  context.lineWidth = Math.max(hair, 0.75)
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  for (const { value, label } of y.ticks) {
    const at = crisp(plot.y(value), pixelRatio)
    context.strokeStyle = theme.grid
    context.beginPath()
    context.moveTo(plot.left, at)
    context.lineTo(plot.right, at)
    context.stroke()
    context.fillStyle = theme.muted
    context.fillText(label, plot.left - 8, at)
  }
  const base = crisp(plot.bottom, pixelRatio)
  context.strokeStyle = theme.muted
  context.beginPath()
  context.moveTo(plot.left, base)
  context.lineTo(plot.right, base)
  const below = plot.bottom + theme.fontSize * 1.15
  context.fillStyle = theme.muted
  // The name ends the axis; a number that would touch it gives way.
  const nameWidth = context.measureText(xName).width
  const nameLeft = Math.min(width, plot.right + nameWidth + 10) - nameWidth
  context.textAlign = 'left'
  context.fillText(xName, nameLeft, below)
  context.textAlign = 'center'
  for (const { value, label } of x.ticks) {
    const at = plot.x(value)
    if (at + context.measureText(label).width / 2 >= nameLeft - 6) continue
    context.fillText(label, at, below)
    const mark = crisp(Math.min(at, plot.right - hair), pixelRatio)
    context.moveTo(mark, base)
    context.lineTo(mark, base + 4)
  }
  context.stroke()
}
