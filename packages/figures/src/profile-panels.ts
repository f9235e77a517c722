/** Figure 2 for any network: of each layer the sorted weight vectors laid over each other, as bands of their quantiles and some whole vectors. */
import type { LayerProfile, ProfileCurves } from '@laperm/analysis'
import { linearScale } from './axis.ts'
import { type Ink, type Mark, moved, type Point, type Scene } from './scene.ts'

/** A layer to be shown. */
export interface ProfilePanel {
  readonly layer: LayerProfile
  readonly curves: ProfileCurves
}

/** The four colours that vectors take in turn. */
export const vectorInks: readonly Ink[] = ['series1', 'series2', 'series3', 'series4']

const panelWidth = 240
const panelHeight = 190
const left = 46
const top = 40
const plotWidth = panelWidth - left - 12
const plotHeight = panelHeight - top - 24
/** Whole vectors drawn over the bands. */
const shownVectors = 8

const bandOf = (
  xs: readonly number[],
  low: readonly number[],
  high: readonly number[],
  y: (value: number) => number,
): readonly Point[] => [
  ...xs.map((x, i): Point => [x, y(low[i])]),
  ...xs.map((x, i): Point => [x, y(high[i])]).reverse(),
]

/** Names are of any length: the end says more than the beginning. */
const shortened = (name: string, most: number): string =>
  name.length <= most ? name : `\u2026${name.slice(name.length - most + 1)}`

const share = (value: number): string => value.toFixed(4)

const drawPanel = ({ layer, curves }: ProfilePanel): readonly Mark[] => {
  const { name, vectors, length, profile, controls } = layer
  const titles: readonly Mark[] = [
    {
      kind: 'text',
      at: [left, 15],
      text: shortened(name, 26),
      ink: 'text',
      size: 12,
      anchor: 'start',
      isBold: true,
    },
    {
      kind: 'text',
      at: [left, 30],
      text:
        vectors === 0
          ? 'no vector of finite weights'
          : `${vectors} \u00d7 ${length}, R\u00b2 ${share(profile.similarity)} (shuffled ${share(controls.shuffled)})`,
      ink: 'muted',
      size: 9.5,
      anchor: 'start',
    },
  ]
  if (vectors === 0 || length === 0) return titles
  const [least, , , , , , most] = curves.quantiles
  const y = linearScale([Math.min(...least), Math.max(...most)], [top + plotHeight, top])
  const xs = curves.positions.map((position) => left + position * plotWidth)
  const band = (low: number, high: number, ink: Ink): Mark => ({
    kind: 'area',
    points: bandOf(xs, curves.quantiles[low], curves.quantiles[high], y.at),
    ink,
  })
  const step = Math.max(1, Math.floor(curves.vectors.length / shownVectors))
  return [
    ...titles,
    ...y.ticks.flatMap(({ value, label }): readonly Mark[] => [
      {
        kind: 'line',
        points: [
          [left, y.at(value)],
          [left + plotWidth, y.at(value)],
        ],
        ink: 'grid',
        width: 1,
      },
      {
        kind: 'text',
        at: [left - 6, y.at(value) + 3],
        text: label,
        ink: 'muted',
        size: 9,
        anchor: 'end',
      },
    ]),
    band(0, 6, 'band1'),
    band(1, 5, 'band2'),
    band(2, 4, 'band3'),
    ...curves.vectors
      .filter((_, i) => i % step === 0)
      .map(
        (weights, i): Mark => ({
          kind: 'line',
          points: xs.map((x, r): Point => [x, y.at(weights[r])]),
          ink: vectorInks[i % vectorInks.length],
          width: 0.7,
          opacity: 0.65,
        }),
      ),
    {
      kind: 'line',
      points: xs.map((x, r): Point => [x, y.at(curves.quantiles[3][r])]),
      ink: 'line',
      width: 1.6,
    },
    {
      kind: 'line',
      points: [
        [left, top + plotHeight],
        [left + plotWidth, top + plotHeight],
      ],
      ink: 'axis',
      width: 1,
    },
    {
      kind: 'text',
      at: [left, top + plotHeight + 14],
      text: 'rank 0',
      ink: 'muted',
      size: 9,
      anchor: 'start',
    },
    {
      kind: 'text',
      at: [left + plotWidth, top + plotHeight + 14],
      text: String(length - 1),
      ink: 'muted',
      size: 9,
      anchor: 'end',
    },
  ]
}

/**
 * Draw the profiles of a network's layers.
 *
 * @param heading above all panels.
 * @param columns panels in a row.
 */
export const profilePanels = (heading: string, panels: readonly ProfilePanel[], columns = 4): Scene => {
  const across = Math.max(1, Math.min(columns, panels.length))
  const rows = Math.ceil(panels.length / across)
  const head = 52
  return {
    width: across * panelWidth + 16,
    height: head + rows * panelHeight + 8,
    title: heading,
    marks: [
      {
        kind: 'text',
        at: [14, 24],
        text: shortened(heading, across * 34),
        ink: 'text',
        size: 15,
        anchor: 'start',
        isBold: true,
      },
      {
        kind: 'text',
        at: [14, 42],
        text:
          across > 1
            ? 'Sorted weight vectors: all, 90% and 50% of them at each rank, the median, and single vectors'
            : 'Sorted weight vectors',
        ink: 'muted',
        size: 10.5,
        anchor: 'start',
      },
      ...panels.flatMap((panel, i) =>
        moved(drawPanel(panel), [8 + (i % across) * panelWidth, head + Math.floor(i / across) * panelHeight]),
      ),
    ],
  }
}
