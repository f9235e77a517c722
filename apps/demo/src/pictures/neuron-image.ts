/** One neuron's incoming weights as the image they look at: before, now, and where weights went (Figure 4 of the paper). */

import { formatStep, formatValue } from '@laperm/figures'
import { drawArrows, mostArrows } from './arrows.ts'
import { type Frame, makeSurface } from './canvas.ts'
import { mapEntries, paintValues } from './colour-map.ts'
import { layOutNeuron, type NeuronLayout } from './neuron-layout.ts'
import { crisp, fontOf, tickSize } from './page-style.ts'
import type { Move } from './pick-moves.ts'
import { makeFigure, type Picture } from './picture.ts'
import { makePixels } from './pixels.ts'
import type { Theme } from './theme.ts'
import { makeValueRow } from './value-row.ts'
import { makeMapOfTheme, scaleLimit } from './weight-colours.ts'

/** `side * side` weights each, row by row; `moves` are drawn as arrows, from an index of `before` to one of `now`. */
export interface NeuronImageData {
  readonly side: number
  readonly before: Float32Array
  readonly now: Float32Array
  readonly moves: readonly Move[]
}

const countMoved = (before: Float32Array, now: Float32Array): number => {
  let moved = 0
  for (let i = 0; i < before.length; i++) if (before[i] !== now[i]) moved++
  return moved
}

/** Make the picture. Both images share one colour scale, centred at 0. */
export const makeNeuronImage = ({ title }: { readonly title: string }): Picture<NeuronImageData> => {
  let data: NeuronImageData = { side: 28, before: new Float32Array(0), now: new Float32Array(0), moves: [] }
  const scale = makePixels(mapEntries, 1)
  let tile = makePixels(data.side, data.side)
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
    context.font = fontOf(theme, 1, true)
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    context.fillStyle = theme.text
    context.fillText(name, left, theme.fontSize * 0.7)
    if (weights.length === data.side ** 2) {
      if (tile.canvas.width !== data.side) tile = makePixels(data.side, data.side)
      paintValues(weights, limit, mapOf(theme), tile.data)
      tile.show()
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
    const length = Math.min(220, right + size - theme.fontSize * 6)
    const left = (right + size - length) / 2
    const bar = Math.round(theme.fontSize * 0.6)
    scale.data.set(mapOf(theme))
    scale.show()
    context.imageSmoothingEnabled = true
    context.drawImage(scale.canvas, left, scaleTop, length, bar)
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
    const limit = scaleLimit(before, now)
    drawImage(frame, before, limit, layout.left, 'before')
    drawImage(frame, now, limit, layout.right, 'now')
    if (before.length === 0) return
    drawArrows(frame, layout, side, before, moves)
    drawScale(frame, limit)
    showValues(width)
  }

  const surface = makeSurface(draw, (width, theme) => layOut(width, theme).height)
  const figure = makeFigure('neuron', title, 'arrows follow the largest of the moved weights', surface)
  const values = makeValueRow()
  const showValues = (width: number): void => {
    const { before, now, moves } = data
    const arrows = Math.min(moves.length, mostArrows(width))
    const isEmpty = before.length === 0
    values.show([
      {
        name: 'moved weights',
        value: isEmpty ? '–' : `${formatStep(countMoved(before, now))} of ${formatStep(before.length)}`,
      },
      { name: 'arrows', value: isEmpty ? '–' : formatStep(arrows) },
    ])
  }
  showValues(0)
  figure.plot.before(values.element)

  return {
    element: figure.element,
    update: (next) => {
      const { side, before, now } = next
      for (const [name, { length }] of Object.entries({ before, now }))
        if (length !== side * side)
          throw new RangeError(`${name} has ${length} weights, an image of side ${side} has ${side * side}`)
      data = next
      const limit = formatValue(scaleLimit(before, now))
      figure.describe(
        `${title}: two images of ${side} by ${side} weights, before and now, coloured from −${limit} to ${limit}. ${formatStep(countMoved(before, now))} of ${formatStep(before.length)} places hold another weight than before; arrows follow the largest of the weights that moved.`,
      )
      surface.redraw()
    },
    dispose: surface.dispose,
  }
}
