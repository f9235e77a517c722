/** Gradients of depthwise convolution in float64 by plain loops. */
import type { backend_util } from '@tensorflow/tfjs-core'

/** dL/dx and dL/dW of `y[n, p, q, c M + m] = sum x[n, s p + d i - top, s q + d j - left, c] W[i, j, c, m]`. */
export const depthwiseGradients64 = (
  info: backend_util.Conv2DInfo,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  dy: ArrayLike<number>,
): { readonly dx: Float64Array; readonly dw: Float64Array } => {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info
  const multiplier = info.outChannels / inChannels
  const dx = new Float64Array(x.length)
  const dw = new Float64Array(w.length)
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++)
        for (let i = 0; i < filterHeight; i++)
          for (let j = 0; j < filterWidth; j++) {
            const row = p * strideHeight + i * dilationHeight - padInfo.top
            const column = q * strideWidth + j * dilationWidth - padInfo.left
            if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue
            for (let c = 0; c < inChannels; c++)
              for (let m = 0; m < multiplier; m++) {
                const input = ((n * inHeight + row) * inWidth + column) * inChannels + c
                const weight = ((i * filterWidth + j) * inChannels + c) * multiplier + m
                const gradient =
                  dy[((n * outHeight + p) * outWidth + q) * info.outChannels + c * multiplier + m]
                dx[input] += gradient * w[weight]
                dw[weight] += gradient * x[input]
              }
          }
  return { dx, dw }
}
