/** Rows of dots on one scale: each run's result, the mean of its row, and a mark where it was expected. */
import { linearScale } from './axis.ts'
import type { Ink, Mark, Point, Scene } from './scene.ts'

/** A row. */
export interface DotRow {
  readonly label: string
  readonly values: readonly number[]
  /** Where somebody else's number stands; null draws none. */
  readonly expected: number | null
}

const left = 250
const plotWidth = 400
const rowHeight = 27
const top = 44

/** On either side of values that are all the same. */
const leastRoom = 0.5

const upright = (x: number, y: number, height: number, ink: Ink, width: number): Mark => ({
  kind: 'line',
  points: [
    [x, y - height / 2],
    [x, y + height / 2],
  ],
  ink,
  width,
})

/**
 * Draw rows of dots.
 *
 * @param subtitle what dots and marks are.
 */
export const dotChart = (rows: readonly DotRow[], title: string, subtitle: string): Scene => {
  const all = rows.flatMap(({ values, expected }) => [...values, ...(expected === null ? [] : [expected])])
  const low = all.length === 0 ? 0 : Math.min(...all)
  const high = all.length === 0 ? 1 : Math.max(...all)
  const room = high > low ? (high - low) * 0.04 : leastRoom
  const right = left + plotWidth
  const bottom = top + rows.length * rowHeight
  const scale = linearScale([low - room, high + room], [left, right], 8)
  return {
    width: right + 72,
    height: bottom + 30,
    title,
    marks: [
      { kind: 'text', at: [14, 20], text: title, ink: 'text', size: 13.5, anchor: 'start', isBold: true },
      { kind: 'text', at: [14, 36], text: subtitle, ink: 'muted', size: 10.5, anchor: 'start' },
      ...scale.ticks.flatMap(({ value, label }): readonly Mark[] => [
        upright(scale.at(value), (top + bottom) / 2, bottom - top, 'grid', 1),
        {
          kind: 'text',
          at: [scale.at(value), bottom + 16],
          text: label,
          ink: 'muted',
          size: 10.5,
          anchor: 'middle',
        },
      ]),
      ...rows.flatMap(({ label, values, expected }, i): readonly Mark[] => {
        const y = top + (i + 0.5) * rowHeight
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        return [
          { kind: 'text', at: [left - 12, y + 4], text: label, ink: 'text', size: 11.5, anchor: 'end' },
          ...(expected === null ? [] : [upright(scale.at(expected), y, 20, 'hue2', 3)]),
          {
            kind: 'dots',
            points: values.map((value): Point => [scale.at(value), y]),
            ink: 'hue1',
            size: 7,
            opacity: 0.5,
          },
          ...(values.length === 0
            ? []
            : [
                upright(scale.at(mean), y, 16, 'text', 2),
                {
                  kind: 'text',
                  at: [right + 12, y + 4],
                  text: mean.toFixed(2),
                  ink: 'text',
                  size: 11.5,
                  anchor: 'start',
                } as const,
              ]),
        ]
      }),
    ],
  }
}
