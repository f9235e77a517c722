/** The gradient of a convolution's kernel in float64 by plain loops. */
import type { backend_util } from '@tensorflow/tfjs-core'

/**
 * dL/dW of `y[n, p, q, f] = sum x[n, s p + i - top, s q + j - left, c] W[i, j, c, f]`, and of each weight the sum of its products'
 * magnitudes, to which its rounding errors are relative.
 *
 * @param places `[oh, ow]` of dy.
 */
export const filterGradient64 = (
  info: backend_util.Conv2DInfo,
  [outHeight, outWidth]: readonly [number, number],
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): { readonly dw: Float64Array; readonly magnitudes: Float64Array } => {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth } = info
  const { strideHeight, strideWidth, padInfo } = info
  const dw = new Float64Array(filterHeight * filterWidth * inChannels * outChannels)
  const magnitudes = new Float64Array(dw.length)
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++)
        for (let i = 0; i < filterHeight; i++)
          for (let j = 0; j < filterWidth; j++) {
            const row = p * strideHeight + i - padInfo.top
            const column = q * strideWidth + j - padInfo.left
            if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue
            for (let c = 0; c < inChannels; c++)
              for (let f = 0; f < outChannels; f++) {
                const product =
                  x[((n * inHeight + row) * inWidth + column) * inChannels + c] *
                  dy[((n * outHeight + p) * outWidth + q) * outChannels + f]
                const weight = ((i * filterWidth + j) * inChannels + c) * outChannels + f
                dw[weight] += product
                magnitudes[weight] += Math.abs(product)
              }
          }
  return { dw, magnitudes }
}
