/** Windows that slide over images, value by value: what convolutions and pools compute. */
import { type Applied, sizeOf, type Tensor64 } from './layer64.ts'
import { type Padding, type Size2d, windowPadding } from './window.ts'

/** A pool's or kernel's window. */
export interface Window {
  readonly poolSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
}

/** Calls `visit` for every place of every window: the output's pixel, the input's pixel, both counted through the batch, and the place in the window. */
export const slideWindow = (
  [batch, height, width]: readonly number[],
  [outHeight, outWidth]: readonly number[],
  { poolSize, strides, padding }: Window,
  visit: (output: number, input: number, place: number) => void,
): void => {
  const [top] = windowPadding(height, poolSize[0], strides[0], padding)
  const [left] = windowPadding(width, poolSize[1], strides[1], padding)
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < poolSize[0]; ky++) {
          const iy = oy * strides[0] - top + ky
          if (iy < 0 || iy >= height) continue
          for (let kx = 0; kx < poolSize[1]; kx++) {
            const ix = ox * strides[1] - left + kx
            if (ix < 0 || ix >= width) continue
            visit((n * outHeight + oy) * outWidth + ox, (n * height + iy) * width + ix, ky * poolSize[1] + kx)
          }
        }
}

/**
 * `y = b + sum of x W` over all connections of pixels; a dense layer is an image of one pixel.
 *
 * @param kernel `[places, in, out]`.
 * @param connect calls back with an output's pixel, an input's pixel and the place in the kernel that connect them.
 */
export const multiply64 = (
  x: Tensor64,
  shape: readonly number[],
  kernel: Float64Array,
  bias: Float64Array | undefined,
  connect: (visit: (output: number, input: number, place: number) => void) => void,
): Applied => {
  const cin = x.shape[x.shape.length - 1]
  const cout = shape[shape.length - 1]
  const y = new Float64Array(sizeOf(shape))
  if (bias !== undefined) for (let i = 0; i < y.length; i++) y[i] = bias[i % cout]
  connect((to, from, place) => {
    for (let i = 0; i < cin; i++) {
      const value = x.values[from * cin + i]
      const row = (place * cin + i) * cout
      for (let o = 0; o < cout; o++) y[to * cout + o] += value * kernel[row + o]
    }
  })
  return {
    y: { values: y, shape },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      const dKernel = new Float64Array(kernel.length)
      connect((to, from, place) => {
        for (let i = 0; i < cin; i++) {
          const value = x.values[from * cin + i]
          const row = (place * cin + i) * cout
          let sum = 0
          for (let o = 0; o < cout; o++) {
            const gradient = dy[to * cout + o]
            sum += gradient * kernel[row + o]
            dKernel[row + o] += gradient * value
          }
          dx[from * cin + i] += sum
        }
      })
      if (bias === undefined) return { dx, parameters: { kernel: dKernel } }
      const dBias = new Float64Array(cout)
      for (let i = 0; i < dy.length; i++) dBias[i % cout] += dy[i]
      return { dx, parameters: { kernel: dKernel, bias: dBias } }
    },
  }
}
