/** How each optimizer is drawn: by colour and by dash, so that neither is needed to tell them apart. */

export type SeriesKind = 'laperm' | 'adam' | 'lookahead'

/** Line width and dash pattern in CSS pixels; the colour is the theme's of the same name. */
export interface SeriesStyle {
  readonly width: number
  readonly dash: readonly number[]
}

export const seriesStyles: Readonly<Record<SeriesKind, SeriesStyle>> = {
  laperm: { width: 2.25, dash: [] },
  adam: { width: 1.75, dash: [8, 3.5] },
  lookahead: { width: 2, dash: [0.1, 4] },
}

/** How much of its colour a band of initial weights has. */
export const bandOpacity = 0.45

/** A drawing of one shape, for a legend; its colours are the page's tokens and follow them. */
const makeIcon = (
  className: string,
  viewBox: string,
  shape: 'line' | 'circle',
  attributes: Readonly<Record<string, string | number>>,
): SVGSVGElement => {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  for (const [name, value] of Object.entries({ class: className, viewBox, 'aria-hidden': 'true' }))
    svg.setAttribute(name, value)
  const drawn = document.createElementNS(namespace, shape)
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, String(value))
  svg.append(drawn)
  return svg
}

/** A short piece of the line, dashed as in a chart or solid as where no other kind stands beside it. */
export const makeSwatch = (kind: SeriesKind, pattern: 'dashed' | 'solid' = 'dashed'): SVGSVGElement => {
  const { width } = seriesStyles[kind]
  const dash = pattern === 'solid' ? [] : seriesStyles[kind].dash
  return makeIcon('picture-swatch', '0 0 24 8', 'line', {
    x1: 2,
    x2: 22,
    y1: 4,
    y2: 4,
    stroke: `var(--${kind})`,
    'stroke-width': width,
    'stroke-dasharray': dash.join(' '),
    'stroke-linecap': dash.length === 0 || dash[0] < 1 ? 'round' : 'butt',
  })
}

/** A piece of a band. */
export const makeBandSwatch = (): SVGSVGElement =>
  makeIcon('picture-swatch', '0 0 24 8', 'line', {
    x1: 2,
    x2: 22,
    y1: 4,
    y2: 4,
    stroke: 'var(--muted)',
    'stroke-opacity': bandOpacity,
    'stroke-width': 7,
  })

/** The mark of a synchronization: a ring on LaPerm's line, or a tick on the base line. */
export const makeSyncIcon = (mark: 'ring' | 'tick'): SVGSVGElement =>
  mark === 'ring'
    ? makeIcon('picture-mark', '0 0 10 10', 'circle', {
        cx: 5,
        cy: 5,
        r: 3.25,
        fill: 'var(--surface)',
        stroke: 'var(--laperm)',
        'stroke-width': 1.75,
      })
    : makeIcon('picture-mark', '0 0 10 10', 'line', {
        x1: 5,
        x2: 5,
        y1: 2,
        y2: 9,
        stroke: 'var(--laperm)',
        'stroke-width': 1.5,
      })
