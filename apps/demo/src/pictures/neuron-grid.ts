/** The neurons of a layer, each as the image that its incoming weights look at. A click chooses one. */

import { formatValue } from '@laperm/figures'
import { type Frame, makeSurface } from './canvas.ts'
import { paintValues } from './colour-map.ts'
import { drawFlights, liftOff } from './draw-flights.ts'
import { type Flight, flightsBetween } from './flights.ts'
import { fontOf, tickSize } from './page-style.ts'
import { makeFigure, type Picture } from './picture.ts'
import { makePixels } from './pixels.ts'
import type { Theme } from './theme.ts'
import { makeMapOfTheme, scaleLimit } from './weight-colours.ts'

/** `count` images of `side * side` weights, one after the other, each row by row. */
export interface NeuronGridData {
  readonly side: number
  readonly count: number
  readonly values: Float32Array
  /** The neuron that other pictures show. */
  readonly chosen: number | null
}

/** Where the tiles stand, in CSS pixels. */
export interface GridLayout {
  readonly columns: number
  readonly rows: number
  /** Of a tile. */
  readonly size: number
  /** From one tile to the next. */
  readonly across: number
  readonly down: number
  readonly height: number
}

/** At most so wide is a tile: what is larger shows nothing more. */
const mostSize = 168
const gap = 8

/**
 * Tiles as large as the width allows where all of them are seen at once; the more neurons, the smaller.
 *
 * @param labelHeight room below each tile.
 */
export const layOutGrid = (width: number, count: number, labelHeight: number): GridLayout => {
  const least = count <= 10 ? 56 : count <= 64 ? 40 : 30
  const most = Math.max(1, Math.floor((width + gap) / (least + gap)))
  // Two rows of ten neurons, more of more.
  const wanted = count <= 10 ? 5 : Math.ceil(Math.sqrt(count * 3))
  const columns = Math.max(1, Math.min(count, wanted, most))
  const size = Math.max(1, Math.min(mostSize, Math.floor((width - gap * (columns - 1)) / columns)))
  const rows = Math.ceil(count / columns)
  const down = size + labelHeight + gap
  return { columns, rows, size, across: size + gap, down, height: rows * down }
}

/** Squares of tiles smaller than this are too small to be followed. */
const leastFlyingSize = 48
/** More squares than this fly on no screen in time. */
const mostFlying = 6000

/** What is in the air: of each neuron the weights that go elsewhere, and when they set off. */
interface Flying {
  readonly flights: readonly (readonly Flight[])[]
  readonly began: number
}

/** Digits that the neurons of the last layer stand for are written below them. */
const isLabelled = (count: number): boolean => count === 10

export interface NeuronGrid extends Picture<NeuronGridData> {
  readonly canvas: HTMLCanvasElement
}

/** Make the picture. @param onChoose a neuron was clicked. */
export const makeNeuronGrid = (options: {
  readonly title: string
  readonly note: string
  readonly onChoose?: (neuron: number) => void
  /** How long a weight that goes elsewhere flies, in milliseconds; not at all by default. */
  readonly flightMs?: () => number
}): NeuronGrid => {
  const { title, note, onChoose, flightMs = () => 0 } = options
  let data: NeuronGridData = { side: 28, count: 10, values: new Float32Array(0), chosen: null }
  let tile = makePixels(data.side, data.side)
  const mapOf = makeMapOfTheme()
  const layOut = (width: number, theme: Pick<Theme, 'fontSize'>): GridLayout =>
    layOutGrid(width, data.count, isLabelled(data.count) ? Math.ceil(theme.fontSize * 1.3) : 0)

  let flying: Flying | undefined

  const setOff = (before: NeuronGridData): Flying | undefined => {
    const { side, count, values } = data
    if (flightMs() <= 0 || before.values.length !== values.length || before.side !== side) return undefined
    const imageOf = (images: Float32Array, neuron: number): Float32Array =>
      images.subarray(neuron * side * side, (neuron + 1) * side * side)
    const { size } = layOut(canvas.clientWidth, { fontSize: 13 })
    if (size < leastFlyingSize) return undefined
    const flights = Array.from({ length: count }, (_, neuron) =>
      flightsBetween(imageOf(before.values, neuron), imageOf(values, neuron)),
    )
    const squares = flights.reduce((sum, { length }) => sum + length, 0)
    return squares === 0 || squares > mostFlying ? undefined : { flights, began: performance.now() }
  }

  const draw = (frame: Frame): void => {
    const { context, theme, width } = frame
    const { side, count, values, chosen } = data
    const { columns, size, across, down } = layOut(width, theme)
    const progress = flying === undefined ? 1 : (performance.now() - flying.began) / flightMs()
    if (!(progress < 1)) flying = undefined
    const limit = scaleLimit(values)
    const map = mapOf(theme)
    if (tile.canvas.width !== side) tile = makePixels(side, side)
    context.textAlign = 'center'
    context.textBaseline = 'top'
    context.imageSmoothingEnabled = false
    for (let neuron = 0; neuron < count; neuron++) {
      const left = (neuron % columns) * across
      const top = Math.floor(neuron / columns) * down
      if (values.length > 0) {
        paintValues(values.subarray(neuron * side * side, (neuron + 1) * side * side), limit, map, tile.data)
        const flights = flying?.flights[neuron] ?? []
        liftOff(flights, tile.data)
        tile.show()
        context.drawImage(tile.canvas, left, top, size, size)
        drawFlights(frame, { flights, progress }, { left, top, size, side }, limit, map)
      }
      const isChosen = neuron === chosen
      context.strokeStyle = isChosen ? theme.laperm : theme.muted
      context.globalAlpha = isChosen ? 1 : 0.45
      context.lineWidth = isChosen ? 2.5 : 1
      context.strokeRect(left + 0.5, top + 0.5, size - 1, size - 1)
      context.globalAlpha = 1
      if (!isLabelled(count)) continue
      context.font = fontOf(theme, tickSize, isChosen)
      context.fillStyle = isChosen ? theme.text : theme.muted
      context.fillText(String(neuron), left + size / 2, top + size + theme.fontSize * 0.25)
    }
    if (flying !== undefined) surface.redraw()
  }

  const surface = makeSurface(draw, (width, theme) => layOut(width, theme).height)
  const figure = makeFigure('grid', title, note, surface)
  const { canvas } = surface
  if (onChoose !== undefined) {
    canvas.style.cursor = 'pointer'
    canvas.addEventListener('click', ({ offsetX, offsetY }) => {
      const fontSize = Number.parseFloat(getComputedStyle(canvas).fontSize) || 13
      const { columns, across, down } = layOut(canvas.clientWidth, { fontSize })
      const column = Math.floor(offsetX / across)
      const neuron = Math.floor(offsetY / down) * columns + column
      if (column < columns && neuron < data.count) onChoose(neuron)
    })
  }
  return {
    element: figure.element,
    canvas,
    update: (next) => {
      const { side, count, values } = next
      if (values.length !== count * side * side)
        throw new RangeError(
          `${count} images of side ${side} have ${count * side * side} weights, got ${values.length}`,
        )
      const before = data
      data = next
      flying = setOff(before)
      figure.describe(
        `${title}: ${count} images of ${side} by ${side} weights, coloured from −${formatValue(scaleLimit(values))} to ${formatValue(scaleLimit(values))}.`,
      )
      surface.redraw()
    },
    dispose: surface.dispose,
  }
}
