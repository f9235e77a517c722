/** Scenes of `@laperm/figures` in the colours and the type of this page. */
import { type ChartRoom, canvasFont, drawScene, type Ink, type Scene } from '@laperm/figures'
import type { Frame } from './canvas.ts'
import type { Theme } from './theme.ts'

/** Size of the numbers beside pictures, in the page's own font size. */
export const tickSize = 0.92

export const fontOf = (theme: Theme, size = 1, isBold = false): string =>
  canvasFont(theme.font, theme.fontSize * size, isBold)

/** A coordinate at which a hairline fills whole device pixels. */
export const crisp = (coordinate: number, pixelRatio: number): number =>
  (Math.floor(coordinate * pixelRatio) + 0.5) / pixelRatio

/** Inks of this page's charts; the others are the text's. */
const tokens: Partial<Record<Ink, keyof Theme & ('grid' | 'muted' | 'adam' | 'laperm' | 'lookahead')>> = {
  grid: 'grid',
  muted: 'muted',
  axis: 'muted',
  hue1: 'adam',
  hue2: 'laperm',
  hue3: 'lookahead',
}

/** The room that a frame has for a chart. */
export const roomOf = ({ context, width, height, pixelRatio, theme }: Frame): ChartRoom => ({
  width,
  height,
  pixelRatio,
  fontSize: theme.fontSize,
  measureText: (text, size, isBold) => {
    context.font = canvasFont(theme.font, size, isBold)
    return context.measureText(text).width
  },
})

/** Draw a scene on a frame. */
export const drawOnPage = ({ context, pixelRatio, theme }: Frame, scene: Scene): void =>
  drawScene(context, scene, {
    colourOf: (ink) => theme[tokens[ink] ?? 'text'],
    paper: theme.surface,
    font: theme.font,
    pixelRatio,
  })
