/** Figure 1 for any layer: weight vectors as scatter plots one behind the other, as they are and sorted, in the paper's four colours in turn. */
import type { LayerProfile, ProfileCurves } from '@laperm/analysis'
import { linearScale } from './axis.ts'
import { vectorInks } from './profile-panels.ts'
import { type Mark, moved, type Point, type Scene } from './scene.ts'

const plotWidth = 270
const plotHeight = 200
/** How far the last vector lies behind the first one, in pixels. */
const depth: Point = [150, -45]
const left = 52
const top = 88
const panelWidth = left + plotWidth + depth[0] + 20
const panelHeight = top + plotHeight + 40

const drawPanel = (
  title: string,
  rows: readonly (readonly number[])[],
  positions: readonly number[],
  [low, high]: readonly [number, number],
  label: string,
): readonly Mark[] => {
  const y = linearScale([low, high], [top + plotHeight, top])
  const last = Math.max(1, rows.length - 1)
  const shift = (vector: number): Point => [(depth[0] * vector) / last, (depth[1] * vector) / last]
  const corner = (x: number, value: number, vector: number): Point => {
    const [dx, dy] = shift(vector)
    return [left + x * plotWidth + dx, y.at(value) + dy]
  }
  const frame = (points: readonly Point[]): Mark => ({ kind: 'line', points, ink: 'axis', width: 1 })
  return [
    { kind: 'text', at: [left, 24], text: title, ink: 'text', size: 13, anchor: 'start', isBold: true },
    frame([
      corner(0, low, last),
      corner(1, low, last),
      corner(1, high, last),
      corner(0, high, last),
      corner(0, low, last),
    ]),
    frame([corner(0, low, 0), corner(0, low, last)]),
    frame([corner(1, low, 0), corner(1, low, last)]),
    frame([corner(0, high, 0), corner(0, high, last)]),
    // From behind, so that what is in front covers what is not.
    ...[...rows.keys()].reverse().map((vector): Mark => {
      const [dx, dy] = shift(vector)
      return {
        kind: 'dots',
        points: rows[vector].map(
          (weight, i): Point => [left + positions[i] * plotWidth + dx, y.at(weight) + dy],
        ),
        ink: vectorInks[vector % vectorInks.length],
        size: 1.7,
        opacity: 0.8,
      }
    }),
    frame([corner(0, high, 0), corner(0, low, 0), corner(1, low, 0)]),
    ...y.ticks.map(
      ({ value, label }): Mark => ({
        kind: 'text',
        at: [left - 6, y.at(value) + 3],
        text: label,
        ink: 'muted',
        size: 10,
        anchor: 'end',
      }),
    ),
    {
      kind: 'text',
      at: [left + plotWidth / 2, top + plotHeight + 22],
      text: label,
      ink: 'muted',
      size: 11,
      anchor: 'middle',
    },
    {
      kind: 'text',
      at: [left + plotWidth + depth[0] / 2 + 8, top + plotHeight + depth[1] / 2 + 14],
      text: 'vector',
      ink: 'muted',
      size: 11,
      anchor: 'start',
    },
  ]
}

/**
 * Draw a layer's vectors in depth: at most as many vectors and weights as the curves have.
 *
 * @param columns 2 puts the sorted vectors beside the others, 1 below them: for one column of a paper.
 */
export const profileDepth = (
  { name, vectors, length }: LayerProfile,
  curves: ProfileCurves,
  columns: 1 | 2 = 2,
): Scene => {
  const all = curves.unsorted.flat()
  const range = all.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  const bounds: readonly [number, number] = all.length === 0 ? [-1, 1] : range
  const shown = `${curves.vectors.length} of ${vectors} vectors, ${curves.positions.length} of ${length} weights of each`
  return {
    width: columns * panelWidth,
    height: columns === 2 ? panelHeight + 26 : 2 * panelHeight + 14,
    title: `${name}: weight vectors as they are and sorted`,
    marks: [
      { kind: 'text', at: [14, 22], text: `${name}: ${shown}`, ink: 'muted', size: 11, anchor: 'start' },
      ...moved(
        drawPanel('Weight vectors', curves.unsorted, curves.positions, bounds, 'index of the weight'),
        [0, 20],
      ),
      ...moved(
        drawPanel('The same vectors, sorted', curves.vectors, curves.positions, bounds, 'rank of the weight'),
        columns === 2 ? [panelWidth, 20] : [0, panelHeight + 8],
      ),
    ],
  }
}
