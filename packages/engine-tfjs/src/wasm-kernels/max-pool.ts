/** Gradient of max pooling. tfjs-backend-wasm's own loses the gradient of every window whose largest value is 0 or below. */
import { backend_util, type MaxPoolGradAttrs, type TensorInfo } from '@tensorflow/tfjs-core'
import { makeFloats, valuesOf, type WasmHeap } from './heap.ts'

type Shape4 = [number, number, number, number]

/** Where along one axis a window lies in the image: from, and up to but not including. */
const windowOf = (at: number, stride: number, before: number, window: number, size: number) => {
  const start = at * stride - before
  return { from: Math.max(0, start), to: Math.min(size, start + window) }
}

/**
 * The gradient of each window goes to the first of its largest values in row-major order, as TensorFlow's CPU kernel has it.
 *
 * @param x `[n, h, w, c]`. @param y what the forward pass gave, `[n, p, q, c]`. @param dy in its shape.
 * @returns in the shape of `x`. Cost: one pass over the windows.
 */
export const maxPoolGrad = (
  heap: WasmHeap,
  { dy, x, y }: Readonly<Record<'dy' | 'x' | 'y', TensorInfo>>,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradAttrs,
): TensorInfo => {
  const shape = x.shape as Shape4
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth } = info
  const [batch, height, width, channels] = shape
  const gradient = makeFloats(heap, shape)
  const [dyValues, xValues, yValues] = [dy, x, y].map((tensor) => valuesOf(heap, tensor))
  const dx = valuesOf(heap, gradient).fill(0)
  /** For each channel whether its window still waits for its largest value. */
  const waits = new Uint8Array(channels)
  let out = 0
  for (let n = 0; n < batch; n++)
    for (let p = 0; p < outHeight; p++) {
      const rows = windowOf(p, strideHeight, padInfo.top, filterHeight, height)
      for (let q = 0; q < outWidth; q++, out += channels) {
        const columns = windowOf(q, strideWidth, padInfo.left, filterWidth, width)
        waits.fill(1)
        for (let i = rows.from; i < rows.to; i++)
          for (let j = columns.from; j < columns.to; j++) {
            const place = ((n * height + i) * width + j) * channels
            for (let c = 0; c < channels; c++)
              if (waits[c] === 1 && xValues[place + c] === yValues[out + c]) {
                dx[place + c] += dyValues[out + c]
                waits[c] = 0
              }
          }
      }
    }
  return gradient
}
