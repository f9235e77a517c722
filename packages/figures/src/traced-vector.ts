/** Figure 4 (right) for any weight vector: as it was, upper left, and as it is, lower right, with arrows that follow weights. */
import { linearScale } from './axis.ts'
import type { Ink, Mark, Point, Scene } from './scene.ts'

/** A weight vector before and after. */
export interface Reconnection {
  /** For people: `dense1/kernel, neuron 3`. */
  readonly name: string
  readonly before: ArrayLike<number>
  readonly after: ArrayLike<number>
  /** For each place of `after`, where its weight was in `before`. */
  readonly sources: ArrayLike<number>
}

const width = 720
const plotWidth = 400
const plotHeight = 132
const left = 58
const firstTop = 62
const gap = 64
const secondLeft = width - plotWidth - 20
const secondTop = firstTop + plotHeight + gap
const height = secondTop + plotHeight + 40
/** Most places drawn as dots. */
const mostDots = 4000
const headLength = 6
/** The two colours of the paper's arrows, as far as there are such inks. */
const arrowInks: readonly Ink[] = ['series3', 'series2']

interface Panel {
  readonly left: number
  readonly top: number
  readonly at: (place: number, value: number) => Point
}

const panelAt = (x: number, top: number, length: number, range: readonly [number, number]): Panel => {
  const y = linearScale(range, [top + plotHeight, top])
  return {
    left: x,
    top,
    at: (place, value) => [x + (length < 2 ? 0.5 : place / (length - 1)) * plotWidth, y.at(value)],
  }
}

const drawPanel = (
  { left: x, top, at }: Panel,
  title: Mark,
  values: ArrayLike<number>,
  range: readonly [number, number],
): readonly Mark[] => {
  const step = Math.max(1, Math.ceil(values.length / mostDots))
  const points: Point[] = []
  for (let i = 0; i < values.length; i += step) points.push(at(i, values[i]))
  const floor = top + plotHeight
  return [
    title,
    ...linearScale(range, [0, 1]).ticks.flatMap(({ value, label }): readonly Mark[] => {
      const [, y] = at(0, value)
      return [
        {
          kind: 'line',
          points: [
            [x, y],
            [x + plotWidth, y],
          ],
          ink: 'grid',
          width: 1,
        },
        { kind: 'text', at: [x - 6, y + 4], text: label, ink: 'muted', size: 12, anchor: 'end' },
      ]
    }),
    {
      kind: 'line',
      points: [
        [x, floor],
        [x + plotWidth, floor],
      ],
      ink: 'axis',
      width: 1,
    },
    { kind: 'dots', points, ink: 'series4', size: points.length > 400 ? 2 : 3.4, opacity: 0.75 },
  ]
}

/** Above the first panel and below the second: no arrow comes there. */
const titleAt = (text: string, at: Point, anchor: 'start' | 'end'): Mark => ({
  kind: 'text',
  at,
  text,
  ink: 'text',
  size: 13.5,
  anchor,
  isBold: true,
})

/** A line with a head at its end. */
const arrow = (from: Point, to: Point, ink: Ink): readonly Mark[] => {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0])
  const side = (turn: number): Point => [
    to[0] - headLength * Math.cos(angle + turn),
    to[1] - headLength * Math.sin(angle + turn),
  ]
  return [
    { kind: 'line', points: [from, to], ink, width: 1, opacity: 0.7 },
    { kind: 'area', points: [side(0.42), to, side(-0.42)], ink },
    { kind: 'dots', points: [from], ink, size: 4 },
  ]
}

/** Places of `after` whose weights came from elsewhere, evenly over the ranks of their values, at most `most`. */
const shownMoves = ({ after, sources }: Reconnection, most: number): readonly number[] => {
  const places: number[] = []
  for (let i = 0; i < after.length; i++) if (sources[i] !== i) places.push(i)
  places.sort((one, other) => after[one] - after[other] || one - other)
  const shown = Math.min(most, places.length)
  return Array.from({ length: shown }, (_, i) => places[Math.floor(((i + 0.5) * places.length) / shown)])
}

/**
 * Draw a weight vector before and after training.
 *
 * @param mostArrows weights that are followed at most; they are chosen evenly over the values.
 */
export const reconnectionFigure = (vector: Reconnection, mostArrows = 24): Scene => {
  const { name, before, after, sources } = vector
  const values = [...Array.from(before), ...Array.from(after)].filter(Number.isFinite)
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  const range: readonly [number, number] = values.length === 0 ? [-1, 1] : [low, high]
  const first = panelAt(left, firstTop, before.length, range)
  const second = panelAt(secondLeft, secondTop, after.length, range)
  const moves = shownMoves(vector, mostArrows)
  let moved = 0
  for (let i = 0; i < after.length; i++) if (sources[i] !== i) moved++
  return {
    width,
    height,
    title: `${name} before and after training`,
    marks: [
      { kind: 'text', at: [14, 24], text: name, ink: 'text', size: 14, anchor: 'start', isBold: true },
      {
        kind: 'text',
        at: [width - 20, 24],
        text: `${moved} of ${after.length} weights moved, ${moves.length} are followed`,
        ink: 'muted',
        size: 12.5,
        anchor: 'end',
      },
      ...drawPanel(first, titleAt('Before training', [left, firstTop - 9], 'start'), before, range),
      ...drawPanel(second, titleAt('After training', [width - 20, height - 14], 'end'), after, range),
      ...moves.flatMap((place, i) =>
        arrow(
          first.at(sources[place], before[sources[place]]),
          second.at(place, after[place]),
          arrowInks[i % arrowInks.length],
        ),
      ),
      {
        kind: 'text',
        at: [secondLeft, height - 14],
        text: 'index of the weight',
        ink: 'muted',
        size: 12.5,
        anchor: 'start',
      },
    ],
  }
}
