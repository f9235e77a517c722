/** A layer's weight vectors, sorted and laid over each other: its weight profile (Figures 1 and 2 of the paper). */
import { drawAxes, layOutPlot, type Plot } from './axes.ts'
import { type Frame, makeSurface } from './canvas.ts'
import { type Envelope, envelopeOf, greatestDifference, pickRanks, pickRows } from './envelope.ts'
import { formatStep, formatValue } from './number-format.ts'
import { makeFigure, type Picture } from './picture.ts'
import { bandOpacity, makeBandSwatch, makeSwatch } from './series-style.ts'
import { linearAxis } from './ticks.ts'
import { makeValueRow } from './value-row.ts'

/** `sorted` and `reference` are `count` rows of `length` weights, each row ascending; `label` says which layer, when. */
export interface SortedVectorsData {
  readonly length: number
  readonly count: number
  readonly sorted: Float32Array
  /** theta_0's, sorted the same way, vector by vector. */
  readonly reference?: Float32Array
  readonly label: string
}

const mostLines = 96

interface Prepared extends SortedVectorsData {
  readonly initial: Envelope | undefined
  readonly difference: number | undefined
}

const prepare = (data: SortedVectorsData): Prepared => {
  const { length, count, sorted, reference } = data
  for (const [name, rows] of Object.entries({ sorted, reference }))
    if (rows !== undefined && rows.length !== length * count)
      throw new RangeError(
        `${name} has ${rows.length} weights, ${count} vectors of ${length} have ${length * count}`,
      )
  return {
    ...data,
    initial: reference && envelopeOf(reference, length),
    difference: reference && greatestDifference(sorted, reference),
  }
}

const against = (difference: number | undefined): string =>
  difference === undefined
    ? ''
    : difference === 0
      ? 'exactly the weights of θ₀'
      : `up to ${formatValue(difference)} away from θ₀`

/** Make the picture: theta_0's vectors as a band, the current ones as thin lines. At a synchronization both are the same numbers. */
export const makeSortedVectors = ({ title }: { readonly title: string }): Picture<SortedVectorsData> => {
  let data: Prepared | undefined
  let [low, high] = [0, 0]

  const drawBand = (
    { context, theme }: Frame,
    plot: Plot,
    { initial }: Prepared,
    ranks: readonly number[],
  ): void => {
    if (initial === undefined) return
    context.beginPath()
    for (const r of ranks) context.lineTo(plot.x(r), plot.y(initial.high[r]) - 1.5)
    for (const r of [...ranks].reverse()) context.lineTo(plot.x(r), plot.y(initial.low[r]) + 1.5)
    context.closePath()
    context.fillStyle = theme.muted
    context.globalAlpha = bandOpacity
    context.fill()
    context.globalAlpha = 1
  }

  const drawLines = (
    { context, theme }: Frame,
    plot: Plot,
    { sorted, length, count }: Prepared,
    ranks: readonly number[],
  ): void => {
    const rows = pickRows(count, mostLines)
    const xs = ranks.map(plot.x)
    context.strokeStyle = theme.laperm
    context.globalAlpha = Math.max(0.12, Math.min(1, 6 / rows.length))
    context.lineWidth = 1
    context.lineJoin = 'bevel'
    for (const row of rows) {
      const start = row * length
      context.beginPath()
      for (let i = 0; i < ranks.length; i++) context.lineTo(xs[i], plot.y(sorted[start + ranks[i]]))
      context.stroke()
    }
    context.globalAlpha = 1
  }

  const draw = (frame: Frame): void => {
    const length = Math.max(2, data?.length ?? 2)
    const x = {
      ...linearAxis(0, length - 1, Math.max(2, Math.floor(frame.width / 110))),
      min: 0,
      max: length - 1,
    }
    const ranks = {
      ...x,
      ticks: x.ticks.filter(({ value }) => value < length),
      position: (r: number) => r / (length - 1),
    }
    const y =
      data === undefined
        ? linearAxis(-1, 1, 4)
        : linearAxis(low, high, Math.max(2, Math.floor(frame.height / 52)))
    const plot = layOutPlot(frame, ranks, y, Math.ceil(frame.theme.fontSize * 2.8))
    drawAxes(frame, plot, ranks, y, 'rank')
    if (data === undefined) return
    const shown = pickRanks(data.length, (plot.right - plot.left) / 2.5)
    drawBand(frame, plot, data, shown)
    drawLines(frame, plot, data, shown)
  }

  const surface = makeSurface(draw)
  const figure = makeFigure('vectors', title, '', surface)
  const values = makeValueRow()
  const showValues = (count: number, difference: number | undefined): void => {
    const vectors = `${formatStep(count)} vectors`
    const drawn = count > mostLines ? `${formatStep(mostLines)} drawn` : vectors
    values.show([
      { name: 'initial, θ₀', value: difference === undefined ? '–' : vectors, icon: makeBandSwatch },
      { name: 'now', value: count === 0 ? '–' : drawn, icon: () => makeSwatch('laperm') },
      {
        name: 'greatest difference',
        value: difference === undefined ? '–' : difference === 0 ? '0, exactly' : formatValue(difference),
      },
    ])
  }
  showValues(0, undefined)
  figure.plot.before(values.element)

  /** The axis widens with the weights, and narrows only for other initial weights: nothing jumps at a synchronization. */
  const widen = ({ sorted, reference, length }: Prepared, fresh: boolean): void => {
    if (fresh) [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const rows of [sorted, reference ?? sorted])
      for (let start = 0; start < rows.length; start += length) {
        low = Math.min(low, rows[start])
        high = Math.max(high, rows[start + length - 1])
      }
    if (!(low <= high)) [low, high] = [-1, 1]
  }
  const isFresh = (next: SortedVectorsData): boolean =>
    data === undefined ||
    next.length !== data.length ||
    next.count !== data.count ||
    next.reference?.[0] !== data.reference?.[0] ||
    next.reference?.at(-1) !== data.reference?.at(-1)

  return {
    element: figure.element,
    update: (next) => {
      const prepared = prepare(next)
      widen(prepared, isFresh(next))
      data = prepared
      figure.note.textContent = next.label
      showValues(next.count, prepared.difference)
      const comparison = against(prepared.difference)
      figure.describe(
        `${title}, ${next.label}: ${formatStep(next.count)} weight vectors of ${formatStep(next.length)} weights, each sorted and drawn over the others; weights from ${formatValue(envelopeEnd(next, 'low'))} to ${formatValue(envelopeEnd(next, 'high'))}${comparison === '' ? '' : `, ${comparison}`}.`,
      )
      surface.redraw()
    },
    dispose: surface.dispose,
  }
}

const envelopeEnd = ({ sorted, length }: SortedVectorsData, end: 'low' | 'high'): number => {
  let found = end === 'low' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  for (let start = 0; start < sorted.length; start += length)
    found = end === 'low' ? Math.min(found, sorted[start]) : Math.max(found, sorted[start + length - 1])
  return found
}
