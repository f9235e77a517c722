/** A scene on a canvas, in the colours and the type of the page that it stands in. The page's ground shows between the marks. */
import type { Ink, Mark, Point, Scene } from './scene.ts'
import { dashes } from './svg.ts'

/** What is needed of a canvas's context: a `CanvasRenderingContext2D` has it. */
export interface SceneContext {
  fillStyle: unknown
  strokeStyle: unknown
  globalAlpha: number
  lineWidth: number
  lineCap: 'butt' | 'round' | 'square'
  lineJoin: 'bevel' | 'miter' | 'round'
  font: string
  textAlign: 'center' | 'end' | 'left' | 'right' | 'start'
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top'
  /** Set lengths of dashes and gaps. */
  readonly setLineDash: (segments: number[]) => void
  /** Start a path. */
  readonly beginPath: () => void
  /** Go back to where the path began. */
  readonly closePath: () => void
  /** Begin a line. */
  readonly moveTo: (x: number, y: number) => void
  /** Go on with it. */
  readonly lineTo: (x: number, y: number) => void
  /** A part of a circle. */
  readonly arc: (x: number, y: number, radius: number, from: number, to: number) => void
  /** Fill the path. */
  readonly fill: () => void
  /** Draw the path. */
  readonly stroke: () => void
  /** Write. */
  readonly fillText: (text: string, x: number, y: number) => void
  /** Write the outlines of letters. */
  readonly strokeText: (text: string, x: number, y: number) => void
}

/** How a page looks. */
export interface PageStyle {
  /** The colour of an ink, as CSS writes it. */
  readonly colourOf: (ink: Ink) => string
  /** The page's ground: edges of dots, around letters. */
  readonly paper: string
  /** A list of font families. */
  readonly font: string
  /** Device pixels of one of the scene's. Default: 1. */
  readonly pixelRatio?: number
}

/** A font as canvases take it. */
export const canvasFont = (family: string, size: number, isBold = false): string =>
  `${isBold ? 600 : 400} ${size}px ${family}`

/** A coordinate at which a hairline fills whole device pixels. */
const crisp = (coordinate: number, pixelRatio: number): number =>
  (Math.floor(coordinate * pixelRatio) + 0.5) / pixelRatio

/** Ends of an upright or level hairline, moved onto whole device pixels; other lines as they are. */
const onPixels = (points: readonly Point[], width: number, pixelRatio: number): readonly Point[] => {
  if (points.length !== 2 || width > 1) return points
  const [[ax, ay], [bx, by]] = points
  if (ax === bx) {
    const x = crisp(ax, pixelRatio)
    return [
      [x, ay],
      [x, by],
    ]
  }
  if (ay !== by) return points
  const y = crisp(ay, pixelRatio)
  return [
    [ax, y],
    [bx, y],
  ]
}

const trace = (context: SceneContext, points: readonly Point[]): void => {
  context.beginPath()
  for (let i = 0; i < points.length; i++) {
    const [x, y] = points[i]
    if (i === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
}

const drawDots = (
  context: SceneContext,
  { points, ink, size, outline }: Extract<Mark, { readonly kind: 'dots' }>,
  { colourOf, paper }: PageStyle,
): void => {
  context.fillStyle = outline === 'ink' ? paper : colourOf(ink)
  context.strokeStyle = outline === 'ink' ? colourOf(ink) : paper
  context.lineWidth = 1.5
  for (const [x, y] of points) {
    context.beginPath()
    context.arc(x, y, size / 2, 0, 2 * Math.PI)
    context.fill()
    if (outline !== undefined) context.stroke()
  }
}

const anchors = { start: 'left', middle: 'center', end: 'right' } as const

const drawText = (
  context: SceneContext,
  { at: [x, y], text, ink, size, anchor, isBold, hasHalo }: Extract<Mark, { readonly kind: 'text' }>,
  { colourOf, paper, font }: PageStyle,
): void => {
  context.font = canvasFont(font, size, isBold)
  context.textAlign = anchors[anchor]
  context.textBaseline = 'alphabetic'
  if (hasHalo === true) {
    context.lineJoin = 'round'
    context.lineWidth = 4
    context.strokeStyle = paper
    context.strokeText(text, x, y)
  }
  context.fillStyle = colourOf(ink)
  context.fillText(text, x, y)
}

/** Draw the marks of a scene, in order. One unit of the canvas is one of the scene's pixels. */
export const drawScene = (context: SceneContext, { marks }: Scene, style: PageStyle): void => {
  const { colourOf, pixelRatio = 1 } = style
  for (const mark of marks) {
    context.globalAlpha = 'opacity' in mark ? (mark.opacity ?? 1) : 1
    switch (mark.kind) {
      case 'line':
        trace(context, onPixels(mark.points, mark.width, pixelRatio))
        context.strokeStyle = colourOf(mark.ink)
        context.lineWidth = mark.width
        // Without a GPU round joins of many hairlines take ten times as long, and nobody sees them.
        context.lineJoin = mark.width > 1 ? 'round' : 'bevel'
        context.lineCap = mark.dash === 'dashed' || mark.width <= 1 ? 'butt' : 'round'
        context.setLineDash(mark.dash === undefined ? [] : [...dashes[mark.dash]])
        context.stroke()
        context.setLineDash([])
        break
      case 'area':
        trace(context, mark.points)
        context.closePath()
        context.fillStyle = colourOf(mark.ink)
        context.fill()
        break
      case 'dots':
        drawDots(context, mark, style)
        break
      case 'text':
        drawText(context, mark, style)
        break
      default:
        mark satisfies never
    }
  }
  context.globalAlpha = 1
}
