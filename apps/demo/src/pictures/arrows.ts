/** Arrows between the two images of a neuron: each follows a weight from where it was to where it is. */
import type { Frame } from './canvas.ts'
import type { NeuronLayout } from './neuron-layout.ts'
import type { Move } from './pick-moves.ts'

/** Most arrows at a width: fewer where there is less room. */
export const mostArrows = (width: number): number => Math.min(60, Math.round(width / 12))

/** A move in CSS pixels of the canvas. */
interface Arrow {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly colour: string
}

const headOf = ({ cell }: NeuronLayout): number => Math.max(4.5, Math.min(7, cell * 0.9))

/**
 * Draw the arrows' lines inside some rectangles.
 *
 * Two passes with plain colours instead of one with a gradient that fades over the images: without a GPU a gradient takes ten times as long.
 */
const drawLines = (
  { context, theme }: Frame,
  arrows: readonly Arrow[],
  head: number,
  strength: number,
  rectangles: readonly (readonly [left: number, top: number, width: number, height: number])[],
): void => {
  context.save()
  context.beginPath()
  for (const rectangle of rectangles) context.rect(...rectangle)
  context.clip()
  for (const { from, to, colour } of arrows) {
    const reach = (to[0] - from[0]) * 0.42
    context.beginPath()
    context.moveTo(...from)
    context.bezierCurveTo(from[0] + reach, from[1], to[0] - reach, to[1], to[0] - head * 0.7, to[1])
    // The ground's colour around each arrow tells which of two that cross lies on top.
    context.strokeStyle = theme.surface
    context.globalAlpha = 0.45
    context.lineWidth = 2.5
    context.stroke()
    context.strokeStyle = colour
    context.globalAlpha = strength
    context.lineWidth = 1.2
    context.stroke()
  }
  context.restore()
}

/** A dot where the weight was, a head where it is. */
const drawEnds = (
  { context, theme }: Frame,
  { cell }: NeuronLayout,
  { from, to, colour }: Arrow,
  head: number,
): void => {
  context.beginPath()
  context.arc(...from, Math.max(1.5, Math.min(2.5, cell * 0.3)), 0, 2 * Math.PI)
  context.moveTo(...to)
  context.lineTo(to[0] - head, to[1] - head * 0.42)
  context.lineTo(to[0] - head, to[1] + head * 0.42)
  context.closePath()
  context.lineWidth = 2
  context.strokeStyle = theme.surface
  context.stroke()
  context.fillStyle = colour
  context.fill()
}

/**
 * Draw the arrows of as many moves as there is room for; the first is drawn last, on top. Over the images they step back, so that these
 * show through.
 *
 * @param before the weights that `from` points into: an arrow has the colour of its weight's sign.
 */
export const drawArrows = (
  frame: Frame,
  layout: NeuronLayout,
  side: number,
  before: Float32Array,
  moves: readonly Move[],
): void => {
  const { theme, width } = frame
  const { left, right, top, cell, size } = layout
  const centre = (index: number, from: number): readonly [number, number] => [
    from + ((index % side) + 0.5) * cell,
    top + (Math.floor(index / side) + 0.5) * cell,
  ]
  const arrows = moves
    .slice(0, mostArrows(width))
    .reverse()
    .map(({ from, to }) => ({
      from: centre(from, left),
      to: centre(to, right),
      colour: theme[before[from] < 0 ? 'negative' : 'positive'],
    }))
  const head = headOf(layout)
  drawLines(frame, arrows, head, 0.45, [
    [left, top, size, size],
    [right, top, size, size],
  ])
  drawLines(frame, arrows, head, 1, [[left + size, top, right - left - size, size]])
  for (const arrow of arrows) drawEnds(frame, layout, arrow, head)
}
