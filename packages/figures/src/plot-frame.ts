/** The frame of a plot that fills a given width: few grid lines, a base line, numbers outside. */
import type { Axis } from './axis.ts'
import type { Mark, Point } from './scene.ts'

/** The room that a chart has, and its type. */
export interface ChartRoom {
  readonly width: number
  readonly height: number
  /** Of the page's text, in pixels. */
  readonly fontSize: number
  /** The width of a text in pixels. Default: an estimate. */
  readonly measureText?: ((text: string, size: number, isBold: boolean) => number) | undefined
  /** Device pixels of one of the scene's; hairlines are one of them wide. Default: 1. */
  readonly pixelRatio?: number | undefined
}

/** Where data are drawn, and how values get there. */
export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** The pixel of a value of the horizontal axis. */
  readonly x: (value: number) => number
  /** The pixel of a value of the vertical axis. */
  readonly y: (value: number) => number
}

/** Size of the numbers beside the axes, in that of the text. */
const tickSize = 0.92
/** From the middle of a line of text to its baseline, in the text's size. */
export const belowMiddle = 0.35

/** What most fonts take a letter. */
const estimateText = (text: string, size: number, isBold: boolean): number =>
  text.length * size * (isBold ? 0.6 : 0.56)

/** The width of a text in a room. */
export const textWidth = (
  { measureText = estimateText }: ChartRoom,
  text: string,
  size: number,
  isBold = false,
): number => measureText(text, size, isBold)

/**
 * Lay out a plot.
 *
 * @param right room to the right of it, for what is written beside the lines.
 */
export const layOutPlot = (room: ChartRoom, x: Axis, y: Axis, right: number): Plot => {
  const { width, height, fontSize } = room
  const widest = y.ticks.reduce(
    (most, { label }) => Math.max(most, textWidth(room, label, fontSize * tickSize)),
    0,
  )
  const left = Math.ceil(widest) + 8
  const top = Math.ceil(fontSize * 0.7)
  const bottom = height - Math.ceil(fontSize * 1.8)
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

/** A straight line. */
export const segment = (from: Point, to: Point, ink: 'grid' | 'muted' | 'hue2', width: number): Mark => ({
  kind: 'line',
  points: [from, to],
  ink,
  width,
})

/**
 * Grid, base line and numbers.
 *
 * @param xName what the horizontal axis counts, written at its end.
 */
export const axisMarks = (room: ChartRoom, plot: Plot, x: Axis, y: Axis, xName: string): readonly Mark[] => {
  const { width, fontSize, pixelRatio = 1 } = room
  const size = fontSize * tickSize
  const hair = Math.max(1 / pixelRatio, 0.75)
  const below = plot.bottom + fontSize * 1.15 + size * belowMiddle
  const text = (words: string, at: Point, anchor: 'start' | 'middle' | 'end'): Mark => ({
    kind: 'text',
    at,
    text: words,
    ink: 'muted',
    size,
    anchor,
  })
  // The name ends the axis; a number that would touch it gives way.
  const nameWidth = textWidth(room, xName, size)
  const nameLeft = Math.min(width, plot.right + nameWidth + 10) - nameWidth
  return [
    ...y.ticks.flatMap(({ value, label }): readonly Mark[] => [
      segment([plot.left, plot.y(value)], [plot.right, plot.y(value)], 'grid', hair),
      text(label, [plot.left - 8, plot.y(value) + size * belowMiddle], 'end'),
    ]),
    segment([plot.left, plot.bottom], [plot.right, plot.bottom], 'muted', hair),
    text(xName, [nameLeft, below], 'start'),
    ...x.ticks.flatMap(({ value, label }): readonly Mark[] => {
      const at = plot.x(value)
      if (at + textWidth(room, label, size) / 2 >= nameLeft - 6) return []
      const mark = Math.min(at, plot.right - 1 / pixelRatio)
      return [
        text(label, [at, below], 'middle'),
        segment([mark, plot.bottom], [mark, plot.bottom + 4], 'muted', hair),
      ]
    }),
  ]
}
