/** Curves over a number, each with a band from the least to the greatest of the runs behind it, and a legend beside them. */
import { linearScale, logTicks } from './axis.ts'
import { formatTick } from './number-format.ts'
import type { Ink, Mark, Point, Scene } from './scene.ts'
import { spreadLabels } from './spread.ts'

/** What was measured at a place; of one run all three are the same. */
export interface ChartPoint {
  readonly x: number
  readonly mean: number
  readonly min: number
  readonly max: number
}

/** A curve. */
export interface ChartSeries {
  readonly label: string
  readonly ink: Ink
  readonly isDashed?: boolean
  readonly points: readonly ChartPoint[]
}

/** How a chart is drawn. */
export interface CurveChartOptions {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  /** Default: `linear`. */
  readonly xScale?: 'linear' | 'log'
  /** Whether each place has a dot. */
  readonly hasDots?: boolean
  /** Where the curves' names are: one below the other, or as near as may be to the curves' ends, with lines to these. Default: `beside`. */
  readonly names?: 'beside' | 'atEnds'
}

const plotWidth = 400
const plotHeight = 240
const left = 56
const top = 40
const legendWidth = 230
const legendLine = 17
const labelLength = 34

/** The share of each curve's places, from its first on, that does not decide the range: training begins far below where it ends. */
const unscaledShare = 0.2

/** On either side of values that are all the same. */
const leastRoom = 0.5

/** Of an axis over powers. */
const mostLogTicks = 12

const rangeOf = (series: readonly ChartSeries[]): readonly [number, number] => {
  const settled = series.flatMap(({ points }) =>
    points.slice(points.length > 5 ? Math.floor(points.length * unscaledShare) : 0),
  )
  if (settled.length === 0) return [0, 1]
  const low = Math.min(...settled.map(({ min }) => min))
  const high = Math.max(...series.flatMap(({ points }) => points.map(({ max }) => max)))
  const room = high > low ? (high - low) * 0.05 : leastRoom
  return [low - room, high + room]
}

const text = (
  at: Point,
  words: string,
  ink: Ink,
  size: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
  isBold = false,
): Mark => ({ kind: 'text', at, text: words, ink, size, anchor, ...(isBold ? { isBold } : {}) })

const cut = (label: string): string => {
  const letters = [...label]
  return letters.length > labelLength ? `${letters.slice(0, labelLength - 1).join('')}\u2026` : label
}

/**
 * Draw curves. Values below the range end at its lower edge.
 *
 * @param series one without points has its line in the legend only.
 */
export const curveChart = (
  series: readonly ChartSeries[],
  { title, xTitle, yTitle, xScale = 'linear', hasDots = false, names = 'beside' }: CurveChartOptions,
): Scene => {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x))
  const low = xs.length === 0 ? 0 : Math.min(...xs)
  const high = xs.length === 0 ? 1 : Math.max(...xs)
  const right = left + plotWidth
  const bottom = top + plotHeight
  const isLog = xScale === 'log' && low > 0 && high > low
  const linear = linearScale(isLog ? [Math.log10(low), Math.log10(high)] : [low, high], [left, right], 8)
  const x = (value: number): number => linear.at(isLog ? Math.log10(value) : value)
  // Epochs and steps are whole: no tick between two.
  const isWhole = xs.every(Number.isInteger)
  const xTicks = isLog
    ? logTicks(low, high, mostLogTicks).map((value) => ({ value, label: formatTick(value, value) }))
    : linear.ticks.filter(({ value }) => !isWhole || Number.isInteger(value))
  const yRange = rangeOf(series)
  const vertical = linearScale(yRange, [bottom, top], 6)
  const y = (value: number): number => vertical.at(Math.max(value, yRange[0]))
  const grid = vertical.ticks.flatMap(({ value, label }): readonly Mark[] => [
    {
      kind: 'line',
      points: [
        [left, y(value)],
        [right, y(value)],
      ],
      ink: 'grid',
      width: 1,
    },
    text([left - 7, y(value) + 3.5], label, 'muted', 10.5, 'end'),
  ])
  const bands = series.flatMap(({ ink, points }): readonly Mark[] =>
    points.every(({ min, max }) => min === max)
      ? []
      : [
          {
            kind: 'area',
            points: [
              ...points.map((point): Point => [x(point.x), y(point.max)]),
              ...points.map((point): Point => [x(point.x), y(point.min)]).reverse(),
            ],
            ink,
            opacity: 0.18,
          },
        ],
  )
  const lines = series.flatMap(({ ink, points, isDashed }): readonly Mark[] => {
    const places = points.map((point): Point => [x(point.x), y(point.mean)])
    const line: Mark = {
      kind: 'line',
      points: places,
      ink,
      width: 1.7,
      ...(isDashed === true ? { dash: 'dashed' } : {}),
    }
    const dots: Mark = { kind: 'dots', points: places, ink, size: 5 }
    return points.length === 0 ? [] : hasDots || points.length === 1 ? [line, dots] : [line]
  })
  const ends = series.map(({ points }): Point | null => {
    const last = points.at(-1)
    return last === undefined ? null : [x(last.x), y(last.mean)]
  })
  const heights =
    names === 'beside'
      ? series.map((_, i) => top + 8 + i * legendLine)
      : spreadLabels(
          ends.map((end) => end?.[1] ?? bottom),
          legendLine,
          top - series.length * legendLine,
          bottom,
        )
  const legend = series.flatMap(({ label, ink, isDashed, points }, i): readonly Mark[] => {
    const at = heights[i]
    const end = ends[i]
    return [
      ...(names === 'beside' || end === null
        ? []
        : [{ kind: 'line', points: [end, [right + 16, at]], ink, width: 1, opacity: 0.5 } as const]),
      {
        kind: 'line',
        points: [
          [right + 16, at],
          [right + 36, at],
        ],
        ink,
        width: 2.4,
        ...(isDashed === true ? { dash: 'dashed' } : {}),
      },
      text([right + 42, at + 4], cut(label), points.length === 0 ? 'muted' : 'text', 11),
    ]
  })
  return {
    width: right + legendWidth + 16,
    height: Math.max(bottom + 44, top + 16 + series.length * legendLine),
    title,
    marks: [
      text([left, 20], title, 'text', 13.5, 'start', true),
      text([left, 34], yTitle, 'muted', 10.5),
      ...grid,
      ...bands,
      ...lines,
      {
        kind: 'line',
        points: [
          [left, bottom],
          [right, bottom],
        ],
        ink: 'axis',
        width: 1,
      },
      ...xTicks.map(({ value, label }) => text([x(value), bottom + 15], label, 'muted', 10.5, 'middle')),
      text([right, bottom + 32], xTitle, 'muted', 10.5, 'end'),
      ...legend,
    ],
  }
}
