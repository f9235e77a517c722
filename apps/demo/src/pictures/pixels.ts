/** A small canvas of single pixels, filled by numbers and drawn larger elsewhere. */

export interface Pixels {
  readonly canvas: HTMLCanvasElement
  /** Red, green, blue, alpha of every pixel, row by row. */
  readonly data: Uint8ClampedArray
  /** Put `data` on the canvas. */
  readonly show: () => void
}

export const makePixels = (width: number, height: number): Pixels => {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) throw new TypeError('this browser gives no 2D canvas, which the pictures draw on')
  const image = context.createImageData(width, height)
  return { canvas, data: image.data, show: () => context.putImageData(image, 0, 0) }
}
