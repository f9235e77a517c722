/** How each optimizer is drawn: by colour and by dash, so that neither is needed to tell them apart. */
import { bandOpacity, dashes, type SeriesLook } from '@laperm/figures'

export type SeriesKind = 'laperm' | 'adam' | 'lookahead'

export const seriesLooks: Readonly<Record<SeriesKind, SeriesLook>> = {
  laperm: { ink: 'hue2', width: 2.25 },
  adam: { ink: 'hue1', width: 1.75, dash: 'dashed' },
  lookahead: { ink: 'hue3', width: 2, dash: 'dotted' },
}

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
  const { width, dash } = seriesLooks[kind]
  const lengths = pattern === 'solid' || dash === undefined ? [] : dashes[dash]
  return makeIcon('picture-swatch', '0 0 24 8', 'line', {
    x1: 2,
    x2: 22,
    y1: 4,
    y2: 4,
    stroke: `var(--${kind})`,
    'stroke-width': width,
    'stroke-dasharray': lengths.join(' '),
    'stroke-linecap': lengths[0] === dashes.dashed[0] ? 'butt' : 'round',
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
