/** Arrows between the two images of a neuron: each follows a weight from where it was to where it is. */
import type { Frame } from './canvas.ts'
import { parseColour } from './colour-map.ts'
import type { NeuronLayout } from './neuron-layout.ts'
import type { Move } from './pick-moves.ts'

/** Most arrows at a width: fewer where there is less room. */
export const mostArrows = (width: number): number => Math.min(60, Math.round(width / 12))

/** A colour that steps back over the images, so that they show through their arrows, and is itself between them. */
const fading = ({ context }: Frame, { left, right, size }: NeuronLayout, colour: string): CanvasGradient => {
  const [red, green, blue] = parseColour(colour)
  const [full, faint] = [1, 0.4].map((alpha) => `rgba(${red}, ${green}, ${blue}, ${alpha})`)
  const gradient = context.createLinearGradient(left, 0, right + size, 0)
  const at = (x: number): number => (x - left) / (right + size - left)
  gradient.addColorStop(0, faint)
  gradient.addColorStop(at(left + size * 0.85), faint)
  gradient.addColorStop(at(left + size * 1.05), full)
  gradient.addColorStop(at(right - size * 0.05), full)
  gradient.addColorStop(at(right + size * 0.15), faint)
  gradient.addColorStop(1, faint)
  return gradient
}

const drawArrow = (
  { context, theme }: Frame,
  { cell }: NeuronLayout,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  colour: string,
  line: CanvasGradient,
): void => {
  const reach = (x1 - x0) * 0.42
  const head = Math.max(4.5, Math.min(7, cell * 0.9))
  const curve = (): void => {
    context.beginPath()
    context.moveTo(x0, y0)
    context.bezierCurveTo(x0 + reach, y0, x1 - reach, y1, x1 - head * 0.7, y1)
    context.stroke()
  }
  // The ground's colour around each arrow tells which of two that cross lies on top.
  context.strokeStyle = theme.surface
  context.globalAlpha = 0.45
  context.lineWidth = 2.5
  curve()
  context.globalAlpha = 1
  context.strokeStyle = line
  context.lineWidth = 1.2
  curve()
  context.beginPath()
  context.arc(x0, y0, Math.max(1.5, Math.min(2.5, cell * 0.3)), 0, 2 * Math.PI)
  context.moveTo(x1, y1)
  context.lineTo(x1 - head, y1 - head * 0.42)
  context.lineTo(x1 - head, y1 + head * 0.42)
  context.closePath()
  context.lineWidth = 2
  context.strokeStyle = theme.surface
  context.stroke()
  context.fillStyle = colour
  context.fill()
}

/**
 * Draw the arrows of as many moves as there is room for; the first is drawn last, on top.
 *
 * @param before the weights that `from` points into: blue where they are negative, orange where they are not.
 */
export const drawArrows = (
  frame: Frame,
  layout: NeuronLayout,
  side: number,
  before: Float32Array,
  moves: readonly Move[],
): void => {
  const { theme, width } = frame
  const { left, right, top, cell } = layout
  const lines = {
    negative: fading(frame, layout, theme.negative),
    positive: fading(frame, layout, theme.positive),
  }
  const centre = (index: number, from: number): readonly [number, number] => [
    from + ((index % side) + 0.5) * cell,
    top + (Math.floor(index / side) + 0.5) * cell,
  ]
  for (const { from, to } of moves.slice(0, mostArrows(width)).reverse()) {
    const sign = before[from] < 0 ? 'negative' : 'positive'
    drawArrow(frame, layout, ...centre(from, left), ...centre(to, right), theme[sign], lines[sign])
  }
}
