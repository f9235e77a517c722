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

/** A short piece of the line, for a legend. Its colour follows the page's tokens. */
export const makeSwatch = (kind: SeriesKind): SVGSVGElement => {
  const { width, dash } = seriesStyles[kind]
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'picture-swatch')
  svg.setAttribute('viewBox', '0 0 24 8')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line')
  const attributes = {
    x1: 2,
    x2: 22,
    y1: 4,
    y2: 4,
    stroke: `var(--${kind})`,
    'stroke-width': width,
    'stroke-dasharray': dash.join(' '),
    'stroke-linecap': dash.length === 0 || dash[0] < 1 ? 'round' : 'butt',
  }
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value))
  svg.append(line)
  return svg
}
