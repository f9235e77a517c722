/**
 * A figure as data: marks at places in pixels, coloured by what they mean. Whoever draws a scene, on paper or on a screen, decides the colours.
 */

/**
 * What a colour means. `series1` to `series4` are the four that the paper's Figure 1 takes in turn; `hue1` to `hue8` tell kinds apart, `ramp1` to
 * `ramp10` are degrees of one thing.
 */
export const inks = [
  'text',
  'muted',
  'axis',
  'grid',
  'band1',
  'band2',
  'band3',
  'line',
  'series1',
  'series2',
  'series3',
  'series4',
  'hue1',
  'hue2',
  'hue3',
  'hue4',
  'hue5',
  'hue6',
  'hue7',
  'hue8',
  'ramp1',
  'ramp2',
  'ramp3',
  'ramp4',
  'ramp5',
  'ramp6',
  'ramp7',
  'ramp8',
  'ramp9',
  'ramp10',
] as const
/** One of {@link inks}. */
export type Ink = (typeof inks)[number]

/** A place: x to the right, y down, in pixels. */
export type Point = readonly [x: number, y: number]

/** One mark. Marks are drawn in order, later ones over earlier ones. */
export type Mark =
  | {
      readonly kind: 'line'
      readonly points: readonly Point[]
      readonly ink: Ink
      readonly width: number
      readonly opacity?: number
      readonly dash?: 'dashed' | 'dotted'
    }
  | { readonly kind: 'area'; readonly points: readonly Point[]; readonly ink: Ink; readonly opacity?: number }
  | {
      readonly kind: 'dots'
      readonly points: readonly Point[]
      readonly ink: Ink
      readonly size: number
      readonly opacity?: number
      /** `ink`: rings of the ink, filled with the page's colour; `page`: dots of the ink with an edge of the page's colour. Default: dots alone. */
      readonly outline?: 'ink' | 'page'
    }
  | {
      readonly kind: 'text'
      readonly at: Point
      readonly text: string
      readonly ink: Ink
      readonly size: number
      readonly anchor: 'start' | 'middle' | 'end'
      readonly isBold?: boolean
      /** Whether the page's colour is around every letter, so that it can be read over lines. */
      readonly hasHalo?: boolean
    }

/** A figure. */
export interface Scene {
  readonly width: number
  readonly height: number
  /** For people who cannot see it. */
  readonly title: string
  readonly marks: readonly Mark[]
}

/** A scene moved to another place. */
export const moved = (marks: readonly Mark[], [dx, dy]: Point): readonly Mark[] =>
  marks.map((mark): Mark => {
    if (mark.kind === 'text') return { ...mark, at: [mark.at[0] + dx, mark.at[1] + dy] }
    return { ...mark, points: mark.points.map(([x, y]): Point => [x + dx, y + dy]) }
  })
