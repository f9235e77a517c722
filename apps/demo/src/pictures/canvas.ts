/** A canvas as wide as its container, crisp on every screen, drawn at most once a frame. */
import { readTheme, type Theme } from './theme.ts'

/** One redraw: sizes in CSS pixels; `pixelRatio` device pixels make one of them. */
export interface Frame {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  readonly theme: Theme
}

export interface Surface {
  readonly canvas: HTMLCanvasElement
  /** Draw in the next frame; calls before it count as one. */
  readonly redraw: () => void
  readonly dispose: () => void
}

/**
 * Make a canvas that redraws itself when its size or the colour scheme changes.
 *
 * @param draw paints one frame; the canvas is cleared, and its units are CSS pixels.
 * @param heightFor height for a width, where the picture decides; else the style sheet does.
 */
export const makeSurface = (
  draw: (frame: Frame) => void,
  heightFor?: (width: number, theme: Theme) => number,
): Surface => {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (context === null) throw new TypeError('this browser gives no 2D canvas, which the pictures draw on')
  let scheduled = 0

  const paint = (): void => {
    cancelAnimationFrame(scheduled)
    scheduled = 0
    const width = canvas.clientWidth
    if (width === 0) return
    const theme = readTheme(canvas)
    if (heightFor !== undefined) canvas.style.height = `${heightFor(width, theme)}px`
    const height = canvas.clientHeight
    const pixelRatio = window.devicePixelRatio || 1
    const [across, down] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)]
    // Assigning a size clears and reallocates, even where it is the same one.
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across
      canvas.height = down
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, across, down)
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
    draw({ context, width, height, pixelRatio, theme })
  }
  const redraw = (): void => {
    if (scheduled === 0) scheduled = requestAnimationFrame(paint)
  }

  // The observer reports before the frame is shown: no stretched picture in between.
  const sizes = new ResizeObserver(paint)
  sizes.observe(canvas)
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', redraw)
  const root = new MutationObserver(redraw)
  root.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['class', 'data-theme', 'style'],
  })

  return {
    canvas,
    redraw,
    dispose: () => {
      cancelAnimationFrame(scheduled)
      sizes.disconnect()
      root.disconnect()
      dark.removeEventListener('change', redraw)
    },
  }
}
