/** A layer's sorted weight vectors laid over each other: its weight profile, and how it was at first (Figures 1 and 2). */
import { linearAxis, rankAxis } from './axis.ts'
import { type Envelope, pickRanks, pickRows } from './envelope.ts'
import { axisMarks, type ChartRoom, layOutPlot } from './plot-frame.ts'
import type { Ink, Mark, Point, Scene } from './scene.ts'

/** `count` rows of `length` weights, each row ascending. */
export interface SortedRows {
  readonly length: number
  readonly count: number
  readonly sorted: Float32Array
  /** The lowest and the highest of the initial weights at every rank. */
  readonly initial: Envelope | undefined
  /** The layer's own vectors' length, where the rows are evenly spread samples of their ranks. */
  readonly wholeLength: number
}

/** Most vectors that are drawn. */
export const mostVectors = 96
/** How much of its colour a band of initial weights has. */
export const bandOpacity = 0.45

/**
 * Draw sorted vectors; null draws the axes alone.
 *
 * @param range of the vertical axis.
 * @param ink of the vectors.
 */
export const vectorsChart = (
  room: ChartRoom,
  rows: SortedRows | null,
  [low, high]: readonly [number, number],
  { title, ink }: { readonly title: string; readonly ink: Ink },
): Scene => {
  const { width, height, fontSize, pixelRatio = 1 } = room
  const ranks = rankAxis(rows?.wholeLength ?? 2, Math.max(2, Math.floor(width / 110)))
  const y = linearAxis(low, high, rows === null ? 4 : Math.max(2, Math.floor(height / 52)))
  const plot = layOutPlot(room, ranks, y, Math.ceil(fontSize * 2.8))
  const axes = axisMarks(room, plot, ranks, y, 'rank')
  if (rows === null) return { width, height, title, marks: axes }
  const { length, count, sorted, initial, wholeLength } = rows
  // Rows may be samples of the ranks: the axis counts the layer's own.
  const apart = (wholeLength - 1) / Math.max(1, length - 1)
  const shown = pickRanks(length, (plot.right - plot.left) / 2.5)
  const xs = shown.map((sample) => plot.x(sample * apart))
  const line = (valueAt: (rank: number) => number, shift = 0): readonly Point[] =>
    shown.map((rank, i): Point => [xs[i], plot.y(valueAt(rank)) + shift])
  const band: readonly Mark[] =
    initial === undefined
      ? []
      : [
          {
            kind: 'area',
            points: [
              ...line((rank) => initial.high[rank], -1.5),
              ...[...line((rank) => initial.low[rank], 1.5)].reverse(),
            ],
            ink: 'muted',
            opacity: bandOpacity,
          },
        ]
  const drawn = pickRows(count, mostVectors)
  // The thinner, the more of its colour a line has.
  const opacity = Math.min(1, Math.max(0.12, 6 / drawn.length) * Math.sqrt(pixelRatio))
  const vectors = drawn.map(
    (row): Mark => ({
      kind: 'line',
      points: line((rank) => sorted[row * length + rank]),
      ink,
      width: 1 / pixelRatio,
      opacity,
    }),
  )
  return { width, height, title, marks: [...axes, ...band, ...vectors] }
}
