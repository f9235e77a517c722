/** The colours and the type of the pictures, read from the page that they stand in. */

/** What a picture draws with. Colours are as CSS computes them; `font` is a family list; `fontSize` is in CSS pixels. */
export interface Theme {
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly surface: string
  readonly laperm: string
  readonly adam: string
  readonly lookahead: string
  readonly positive: string
  readonly negative: string
  readonly font: string
  readonly fontSize: number
}

/** Fall-backs: the light values of theme.css, for a page that does not link it. */
const colours = {
  text: '#1d2125',
  muted: '#5b626a',
  grid: '#e2e4e6',
  surface: '#fdfdfb',
  laperm: '#c8420c',
  adam: '#2a6fd0',
  lookahead: '#05604f',
  positive: '#b8430a',
  negative: '#1c5fa8',
} as const

/**
 * Read the tokens `--text`, `--muted`, ... as they hold for an element.
 *
 * Cheap enough for every redraw, so a page may change its tokens whenever it likes. A token should be a plain colour, or registered
 * with `@property` as theme.css does: an unregistered `light-dark()` reaches scripts as text, which no canvas understands.
 */
export const readTheme = (element: Element): Theme => {
  const style = getComputedStyle(element)
  const colour = (name: keyof typeof colours): string =>
    style.getPropertyValue(`--${name}`).trim() || colours[name]
  return {
    text: colour('text'),
    muted: colour('muted'),
    grid: colour('grid'),
    surface: colour('surface'),
    laperm: colour('laperm'),
    adam: colour('adam'),
    lookahead: colour('lookahead'),
    positive: colour('positive'),
    negative: colour('negative'),
    font: style.fontFamily || 'system-ui, sans-serif',
    fontSize: Number.parseFloat(style.fontSize) || 13,
  }
}
