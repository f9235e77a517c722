/** One neuron's incoming weights as the image they look at: before, now, and where weights went (Figure 4 of the paper). */
import { crisp, fontOf, tickSize } from './axes.ts'
import { type Frame, makeSurface } from './canvas.ts'
import { divergingMap, mapEntries, paintValues, parseColour } from './colour-map.ts'
import { layOutNeuron, type NeuronLayout } from './neuron-layout.ts'
import { formatStep, formatValue } from './number-format.ts'
import type { Move } from './pick-moves.ts'
import { makeFigure, type Picture } from './picture.ts'
import type { Theme } from './theme.ts'

/** `side * side` weights each, row by row; `moves` are drawn as arrows, from an index of `before` to one of `now`. */
export interface NeuronImageData {
  readonly side: number
  readonly before: Float32Array
  readonly now: Float32Array
  readonly moves: readonly Move[]
}

/** The end of the colour scale: the largest weight rounded up, so that it changes seldom. */
const scaleLimit = (...images: readonly Float32Array[]): number => {
  let most = 0
  for (const image of images)
    for (let i = 0; i < image.length; i++) if (Math.abs(image[i]) > most) most = Math.abs(image[i])
  if (!(most > 0 && Number.isFinite(most))) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const mantissa =
    [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most * (1 - 1e-7)) ?? 10
  return Number((mantissa * power).toPrecision(3))
}

const countMoved = (before: Float32Array, now: Float32Array): number => {
  let moved = 0
  for (let i = 0; i < before.length; i++) if (before[i] !== now[i]) moved++
  return moved
}

/** Pixels of one image, one a weight, to be drawn larger. */
const makeTile = () => {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (context === null) throw new TypeError('this browser gives no 2D canvas, which the pictures draw on')
  return { canvas, context }
}

/** The colour map of a theme, tabulated again only when its colours change. */
const makeMapOfTheme = () => {
  let key = ''
  let table = new Uint8ClampedArray(0)
  return ({ negative, surface, positive }: Theme): Uint8ClampedArray => {
    const own = `${negative} ${surface} ${positive}`
    if (own !== key) {
      key = own
      table = new Uint8ClampedArray(divergingMap(negative, surface, positive))
    }
    return table
  }
}

/** Fewer arrows where there is less room; the caller's first ones matter most. */
const mostArrows = (width: number): number => Math.min(60, Math.round(width / 12))

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

/** Make the picture. Both images share one colour scale, centred at 0. */
export const makeNeuronImage = ({ title }: { readonly title: string }): Picture<NeuronImageData> => {
  let data: NeuronImageData = { side: 28, before: new Float32Array(0), now: new Float32Array(0), moves: [] }
  const tile = makeTile()
  const mapOf = makeMapOfTheme()

  const layOut = (width: number, theme: Theme): NeuronLayout =>
    layOutNeuron(width, data.side, theme.fontSize, window.devicePixelRatio || 1)

  const drawImage = (
    frame: Frame,
    weights: Float32Array,
    limit: number,
    left: number,
    name: string,
  ): void => {
    const { context, theme, width, pixelRatio } = frame
    const { top, size } = layOut(width, theme)
    context.font = fontOf(theme, 1, 600)
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    context.fillStyle = theme.text
    context.fillText(name, left, theme.fontSize * 0.7)
    if (weights.length === data.side ** 2) {
      const pixels = new ImageData(data.side, data.side)
      paintValues(weights, limit, mapOf(theme), pixels.data)
      tile.canvas.width = tile.canvas.height = data.side
      tile.context.putImageData(pixels, 0, 0)
      context.imageSmoothingEnabled = false
      context.drawImage(tile.canvas, left, top, size, size)
    }
    const hair = 1 / pixelRatio
    context.strokeStyle = theme.muted
    context.globalAlpha = 0.45
    context.lineWidth = hair
    context.strokeRect(left + hair / 2, top + hair / 2, size - hair, size - hair)
    context.globalAlpha = 1
  }

  const drawScale = (frame: Frame, limit: number): void => {
    const { context, theme, width, pixelRatio } = frame
    const { right, size, scaleTop } = layOut(width, theme)
    const table = mapOf(theme)
    const length = Math.min(220, right + size - theme.fontSize * 6)
    const left = (right + size - length) / 2
    const bar = Math.round(theme.fontSize * 0.6)
    const pixels = new ImageData(mapEntries, 1)
    pixels.data.set(table)
    tile.canvas.width = mapEntries
    tile.canvas.height = 1
    tile.context.putImageData(pixels, 0, 0)
    context.imageSmoothingEnabled = true
    context.drawImage(tile.canvas, left, scaleTop, length, bar)
    context.strokeStyle = theme.muted
    context.globalAlpha = 0.45
    context.lineWidth = 1 / pixelRatio
    context.strokeRect(crisp(left, pixelRatio), crisp(scaleTop, pixelRatio), length, bar)
    context.globalAlpha = 1
    context.font = fontOf(theme, tickSize)
    context.fillStyle = theme.muted
    context.textBaseline = 'middle'
    const text = limit.toLocaleString('en', { maximumSignificantDigits: 3 })
    const below = scaleTop + bar + theme.fontSize * 0.9
    context.textAlign = 'center'
    context.fillText(`−${text}`, left, below)
    context.fillText('0', left + length / 2, below)
    context.fillText(text, left + length, below)
  }

  const draw = (frame: Frame): void => {
    const { theme, width } = frame
    const { side, before, now, moves } = data
    const layout = layOut(width, theme)
    const { left, right, top, cell } = layout
    const lines = {
      negative: fading(frame, layout, theme.negative),
      positive: fading(frame, layout, theme.positive),
    }
    const limit = scaleLimit(before, now)
    drawImage(frame, before, limit, left, 'before')
    drawImage(frame, now, limit, right, 'now')
    const centre = (index: number, from: number): readonly [number, number] => [
      from + ((index % side) + 0.5) * cell,
      top + (Math.floor(index / side) + 0.5) * cell,
    ]
    // The first move is drawn last, on top.
    for (const { from, to } of moves.slice(0, mostArrows(width)).reverse()) {
      const sign = before[from] < 0 ? 'negative' : 'positive'
      drawArrow(frame, layout, ...centre(from, left), ...centre(to, right), theme[sign], lines[sign])
    }
    drawScale(frame, limit)
  }

  const surface = makeSurface(draw, (width, theme) => layOut(width, theme).height)
  const figure = makeFigure('neuron', title, '', surface)

  return {
    element: figure.element,
    update: (next) => {
      const { side, before, now, moves } = next
      for (const [name, { length }] of Object.entries({ before, now }))
        if (length !== side * side)
          throw new RangeError(`${name} has ${length} weights, an image of side ${side} has ${side * side}`)
      data = next
      const moved = countMoved(before, now)
      const places = `${formatStep(moved)} of ${formatStep(before.length)} places hold another weight than before`
      const arrows = moves.length === 0 ? '' : `; arrows follow some of them`
      figure.note.textContent = `${places}${arrows}`
      figure.describe(
        `${title}: two images of ${side} by ${side} weights, before and now, coloured from −${formatValue(scaleLimit(before, now))} to ${formatValue(scaleLimit(before, now))}. ${places}${arrows}.`,
      )
      surface.redraw()
    },
    dispose: surface.dispose,
  }
}
