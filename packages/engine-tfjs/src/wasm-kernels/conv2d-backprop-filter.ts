/** Gradient of 2-D convolution with respect to its kernel, as a convolution, so that tfjs-backend-wasm's XNNPACK does the work. */
import {
  type Conv2DBackpropFilterAttrs,
  conv2d,
  matMul,
  reshape,
  slice,
  type Tensor,
  type Tensor4D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import { asMatMul, conv2dInfo, type Shape4 } from './conv2d-shapes.ts'
import { tensorOf, type WasmHeap } from './heap.ts'
import { channelsAsImages, gradientAsKernel } from './image-layouts.ts'

/** Rows that a convolution with dy needs after the image: what dy spans at its last place, less what is there. */
const rowsAfter = (size: number, before: number, out: number, stride: number, kernel: number): number =>
  kernel + (out - 1) * stride - size - before

/**
 * `dW[i, j, c, f] = sum over n, p, q of x[n, s p + i - top, s q + j - left, c] dy[n, p, q, f]`: a convolution whose images are the
 * channels of x, whose channels are the examples, whose kernel is dy, and whose dilation is the forward pass's stride.
 *
 * @returns in `filterShape`, `[kh, kw, cin, filters]`. Cost: that of the forward pass.
 */
export const conv2dBackpropFilter = (
  heap: WasmHeap,
  x: Tensor4D,
  dy: Tensor4D,
  attrs: Conv2DBackpropFilterAttrs,
): Tensor =>
  tidy(() => {
    const filterShape = attrs.filterShape as Shape4
    const info = conv2dInfo('Conv2DBackpropFilter', x.shape, filterShape, attrs)
    const product = asMatMul(info)
    if (product !== undefined) {
      const { rows, inputs, outputs } = product
      return reshape(matMul(reshape(x, [rows, inputs]), reshape(dy, [rows, outputs]), true), filterShape)
    }
    const { padInfo, strideHeight, strideWidth, outHeight, outWidth, inHeight, inWidth } = info
    const [kernelHeight, kernelWidth] = filterShape
    const bottom = rowsAfter(inHeight, padInfo.top, outHeight, strideHeight, kernelHeight)
    const right = rowsAfter(inWidth, padInfo.left, outWidth, strideWidth, kernelWidth)
    const channels = tensorOf(heap, channelsAsImages(heap, x)) as Tensor4D
    // A forward pass that ends before the image does never saw its last rows.
    const seen =
      bottom < 0 || right < 0
        ? slice(
            channels,
            [0, 0, 0, 0],
            [
              channels.shape[0],
              inHeight + Math.min(0, bottom),
              inWidth + Math.min(0, right),
              channels.shape[3],
            ],
          )
        : channels
    const gradient = conv2d(
      seen,
      tensorOf(heap, gradientAsKernel(heap, dy)) as Tensor4D,
      1,
      [
        [0, 0],
        [padInfo.top, Math.max(0, bottom)],
        [padInfo.left, Math.max(0, right)],
        [0, 0],
      ],
      'NHWC',
      [strideHeight, strideWidth],
    )
    return transpose(gradient, [1, 2, 0, 3])
  })
