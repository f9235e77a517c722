/**
 * Gradient of max pooling from operations that tfjs-backend-wasm has. Its own loses the gradient of every window whose largest value is 0
 * or below.
 */
import {
  add,
  backend_util,
  equal,
  logicalAnd,
  logicalNot,
  type MaxPoolGradAttrs,
  mul,
  pad as padTensor,
  slice,
  stridedSlice,
  type Tensor,
  type Tensor4D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { spread } from './spread.ts'

type Shape4 = [number, number, number, number]

/**
 * The gradient of each window goes to the first of its largest values in row-major order, as TensorFlow's CPU kernel has it.
 *
 * @param y what the forward pass gave. @returns in the shape of `x`, `[n, h, w, c]`. Cost: a few passes over y for each place of the window.
 */
export const maxPoolGrad = (
  dy: Tensor4D,
  x: Tensor4D,
  y: Tensor4D,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradAttrs,
): Tensor =>
  tidy(() => {
    const shape = x.shape as Shape4
    const [batch, , , channels] = shape
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    const { padInfo, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth } = info
    // What windows span and what the image spans, whichever is more: gradients are spread in there.
    const height = Math.max((outHeight - 1) * strideHeight + filterHeight, padInfo.top + info.inHeight)
    const width = Math.max((outWidth - 1) * strideWidth + filterWidth, padInfo.left + info.inWidth)
    const around: [number, number][] = [
      [0, 0],
      [padInfo.top, height - padInfo.top - info.inHeight],
      [padInfo.left, width - padInfo.left - info.inWidth],
      [0, 0],
    ]
    const padded = padTensor(x, around, Number.NEGATIVE_INFINITY)
    let open: Tensor = equal(y, y)
    let dx: Tensor = zeros([batch, height, width, channels])
    for (let i = 0; i < filterHeight; i++)
      for (let j = 0; j < filterWidth; j++) {
        const end = [
          batch,
          i + (outHeight - 1) * strideHeight + 1,
          j + (outWidth - 1) * strideWidth + 1,
          channels,
        ]
        const seen = stridedSlice(padded, [0, i, j, 0], end, [1, strideHeight, strideWidth, 1])
        const wins = logicalAnd(open, equal(seen, y))
        open = logicalAnd(open, logicalNot(wins))
        const apart = spread(mul(dy, wins) as Tensor4D, strideHeight, strideWidth)
        // Zeros after the last place are cut where the image ends before them.
        const cut = slice(
          apart,
          [0, 0, 0, 0],
          [batch, Math.min(apart.shape[1], height - i), Math.min(apart.shape[2], width - j), channels],
        )
        dx = add(
          dx,
          padTensor(cut, [
            [0, 0],
            [i, height - i - cut.shape[1]],
            [j, width - j - cut.shape[2]],
            [0, 0],
          ]),
        )
      }
    return slice(dx, [0, padInfo.top, padInfo.left, 0], shape)
  })
