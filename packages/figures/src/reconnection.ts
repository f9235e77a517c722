/** Figure 4: one weight vector before and after it was reconnected, with lines from where a weight was to where it went. */
import { linearScale } from './axis.ts'
import type { Ink, Mark, Point, Scene } from './scene.ts'

const left = 20
const plotWidth = 620
const plotHeight = 130
const gap = 120
const top = 52
/** Lines that can still be followed with the eye. */
const mostLines = 60

const text = (at: Point, words: string, size: number, ink: Ink, isBold = false): Mark => ({
  kind: 'text',
  at,
  text: words,
  ink,
  size,
  anchor: 'start',
  ...(isBold ? { isBold } : {}),
})

/** Indices in ascending order of their values; equal values keep the order of their indices. */
const orderOf = (values: readonly number[]): readonly number[] =>
  values.map((_, i) => i).sort((one, other) => values[one] - values[other] || one - other)

/**
 * Draw a vector before and after.
 *
 * @param before values by index.
 * @param after the same values, reordered. Of equal values the first before is drawn to the first after.
 */
export const reconnection = (title: string, before: readonly number[], after: readonly number[]): Scene => {
  const low = Math.min(...before, ...after)
  const high = Math.max(...before, ...after)
  const x = linearScale([0, Math.max(1, before.length - 1)], [left, left + plotWidth]).at
  const bottomOfFirst = top + plotHeight
  const second = bottomOfFirst + gap
  const above = linearScale([low, high], [bottomOfFirst, top]).at
  const below = linearScale([low, high], [second + plotHeight, second]).at
  const from = orderOf(before)
  const to = orderOf(after)
  const every = Math.max(1, Math.ceil(before.length / mostLines))
  const lines = from.flatMap((at, rank): readonly Mark[] =>
    rank % every !== 0 || rank >= to.length
      ? []
      : [
          {
            kind: 'line',
            points: [
              [x(at), above(before[at])],
              [x(to[rank]), below(after[to[rank]])],
            ],
            ink: (rank / every) % 2 < 1 ? 'hue2' : 'hue3',
            width: 0.8,
            opacity: 0.55,
          },
        ],
  )
  const dotsOf = (values: readonly number[], y: (value: number) => number): Mark => ({
    kind: 'dots',
    points: values.map((value, i): Point => [x(i), y(value)]),
    ink: 'series4',
    size: 2.6,
  })
  const moved = before.filter((value, i) => value !== after[i]).length
  return {
    width: left * 2 + plotWidth,
    height: second + plotHeight + 24,
    title,
    marks: [
      text([left, 20], title, 13.5, 'text', true),
      text([left, 38], `before: the ${before.length} weights by index`, 10.5, 'muted'),
      ...lines,
      dotsOf(before, above),
      dotsOf(after, below),
      text(
        [left, second + plotHeight + 16],
        `after: the same weights, ${moved} of them in another place; lines join every ${every}th`,
        10.5,
        'muted',
      ),
    ],
  }
}
