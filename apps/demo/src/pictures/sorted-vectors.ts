/** A layer's weight vectors, sorted and laid over each other: its weight profile (Figures 1 and 2 of the paper). */
import {
  type Envelope,
  envelopeOf,
  formatStep,
  formatValue,
  greatestDifference,
  mostVectors,
  vectorsChart,
} from '@laperm/figures'
import { type Frame, makeSurface } from './canvas.ts'
import { drawOnPage, roomOf } from './page-style.ts'
import { makeFigure, type Picture } from './picture.ts'
import { makeBandSwatch, makeSwatch, type SeriesKind, seriesLooks } from './series-style.ts'
import { makeValueRow } from './value-row.ts'

/** `sorted` and `reference` are `count` rows of `length` weights, each row ascending; `label` says which layer, when. */
export interface SortedVectorsData {
  readonly length: number
  readonly count: number
  readonly sorted: Float32Array
  /** theta_0's, sorted the same way, vector by vector. */
  readonly reference?: Float32Array
  readonly label: string
  /** The layer's own size, where the rows are evenly spread samples of its ranks and vectors. */
  readonly whole?: { readonly length: number; readonly count: number }
}

export interface SortedVectorsOptions {
  readonly title: string
  /** Whose weights these are, for the colour of the lines; LaPerm's by default. */
  readonly kind?: SeriesKind
}

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

/** The size of the layer that rows may be samples of. */
const wholeOf = (data: SortedVectorsData | undefined): { readonly length: number; readonly count: number } =>
  data?.whole ?? data ?? { length: 2, count: 0 }

const against = (difference: number | undefined): string =>
  difference === undefined
    ? ''
    : difference === 0
      ? 'exactly the weights of θ₀'
      : `up to ${formatValue(difference)} away from θ₀`

/** Make the picture: theta_0's vectors as a band, the current ones as thin lines. At a synchronization both are the same numbers. */
export const makeSortedVectors = ({
  title,
  kind = 'laperm',
}: SortedVectorsOptions): Picture<SortedVectorsData> => {
  let data: Prepared | undefined
  let [low, high] = [0, 0]

  const draw = (frame: Frame): void => {
    const rows = data === undefined ? null : { ...data, wholeLength: wholeOf(data).length }
    const { ink } = seriesLooks[kind]
    drawOnPage(
      frame,
      vectorsChart(roomOf(frame), rows, data === undefined ? [-1, 1] : [low, high], { title, ink }),
    )
  }

  const surface = makeSurface(draw)
  const figure = makeFigure('vectors', title, '', surface)
  const values = makeValueRow()
  const showValues = (): void => {
    const difference = data?.difference
    const drawn = Math.min(data?.count ?? 0, mostVectors)
    const all = `${formatStep(wholeOf(data).count)} vectors`
    const now = drawn < wholeOf(data).count ? `${formatStep(drawn)} drawn` : all
    values.show([
      { name: 'initial, θ₀', value: difference === undefined ? '–' : all, icon: makeBandSwatch },
      { name: 'now', value: data === undefined ? '–' : now, icon: () => makeSwatch(kind, 'solid') },
      {
        name: 'greatest difference',
        value: difference === undefined ? '–' : difference === 0 ? '0, exactly' : formatValue(difference),
      },
    ])
  }
  showValues()
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
      showValues()
      const whole = wholeOf(next)
      const shown =
        next.count < whole.count
          ? `${formatStep(next.count)} of ${formatStep(whole.count)}`
          : formatStep(whole.count)
      const comparison = against(prepared.difference)
      figure.describe(
        `${title}, ${next.label}: ${shown} weight vectors of ${formatStep(whole.length)} weights, each sorted and drawn over the others; weights from ${formatValue(envelopeEnd(next, 'low'))} to ${formatValue(envelopeEnd(next, 'high'))}${comparison === '' ? '' : `, ${comparison}`}.`,
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
