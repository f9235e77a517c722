/** Room between the places of an image, for gradients of strided windows. */
import { pad as padTensor, reshape, type Tensor4D } from '@tensorflow/tfjs-core'

/** Zeros between the places of one axis: `[a, b]` with stride 3 becomes `[a, 0, 0, b, 0, 0]`. */
export const spread = (x: Tensor4D, strideHeight: number, strideWidth: number): Tensor4D => {
  if (strideHeight === 1 && strideWidth === 1) return x
  const [batch, height, width, channels] = x.shape
  const apart = padTensor(reshape(x, [batch, height, 1, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ])
  return reshape(apart, [batch, height * strideHeight, width * strideWidth, channels])
}
