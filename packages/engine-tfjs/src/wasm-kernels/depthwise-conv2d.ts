/**
 * Gradients of depthwise convolution from operations that tfjs-backend-wasm has.
 */
import {
  backend_util,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  depthwiseConv2d,
  matMul,
  mul,
  ones,
  pad as padTensor,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'
import { spread } from './spread.ts'

type Shape4 = [number, number, number, number]

/**
 * `dW[i, j, c, m] = sum over n, p, q of x[n, s p + d i - top, s q + d j - left, c] dy[n, p, q, c M + m]`: for each tap one product, summed
 * over examples and places by a matrix product with ones.
 *
 * @returns in `filterShape`, `[kh, kw, channels, multiplier]`.
 */
export const depthwiseConv2dBackpropFilter = (
  x: Tensor4D,
  dy: Tensor4D,
  { strides, dilations, pad, dimRoundingMode, filterShape }: DepthwiseConv2dNativeBackpropFilterAttrs,
): Tensor =>
  tidy(() => {
    const info = backend_util.computeConv2DInfo(
      x.shape,
      filterShape as Shape4,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    )
    const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth, outHeight, outWidth } = info
    const [kernelHeight, kernelWidth, channels, multiplier] = filterShape
    const batch = x.shape[0]
    const reach = (size: number, before: number, out: number, stride: number, span: number): number =>
      Math.max(0, (out - 1) * stride + span - size - before)
    const padded = padTensor(x, [
      [0, 0],
      [
        padInfo.top,
        reach(x.shape[1], padInfo.top, outHeight, strideHeight, (kernelHeight - 1) * dilationHeight + 1),
      ],
      [
        padInfo.left,
        reach(x.shape[2], padInfo.left, outWidth, strideWidth, (kernelWidth - 1) * dilationWidth + 1),
      ],
      [0, 0],
    ])
    const places = batch * outHeight * outWidth
    const ending = ones([1, places]) as Tensor2D
    const gradients = reshape(dy, [batch, outHeight, outWidth, channels, multiplier])
    const taps: Tensor[] = []
    for (let i = 0; i < kernelHeight; i++)
      for (let j = 0; j < kernelWidth; j++) {
        const [top, left] = [i * dilationHeight, j * dilationWidth]
        const seen = stridedSlice(
          padded,
          [0, top, left, 0],
          [
            batch,
            top + (outHeight - 1) * strideHeight + 1,
            left + (outWidth - 1) * strideWidth + 1,
            channels,
          ],
          [1, strideHeight, strideWidth, 1],
        )
        const products = mul(reshape(seen, [batch, outHeight, outWidth, channels, 1]), gradients)
        taps.push(matMul(ending, reshape(products, [places, channels * multiplier]) as Tensor2D))
      }
    return reshape(stack(taps), filterShape)
  })

/**
 * The transposed depthwise convolution: dy with zeros between its places, convolved with the kernel turned around, summed over the
 * outputs of each channel.
 *
 * @returns in `inputShape`, `[n, h, w, channels]`.
 */
export const depthwiseConv2dBackpropInput = (
  dy: Tensor4D,
  filter: Tensor4D,
  { strides, dilations, pad, dimRoundingMode, inputShape }: DepthwiseConv2dNativeBackpropInputAttrs,
): Tensor =>
  tidy(() => {
    const info = backend_util.computeConv2DInfo(
      inputShape as Shape4,
      filter.shape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    )
    const {
      padInfo,
      strideHeight,
      strideWidth,
      dilationHeight,
      dilationWidth,
      inHeight,
      inWidth,
      batchSize,
    } = info
    const [kernelHeight, kernelWidth, channels, multiplier] = filter.shape
    const [spanHeight, spanWidth] = [(kernelHeight - 1) * dilationHeight, (kernelWidth - 1) * dilationWidth]
    const apart = spread(dy, strideHeight, strideWidth)
    const turned = reshape(reverse(filter, [0, 1]), [
      kernelHeight,
      kernelWidth,
      channels * multiplier,
      1,
    ]) as Tensor4D
    const after = (size: number, before: number, have: number): number => Math.max(0, size + before - have)
    const padded = padTensor(apart, [
      [0, 0],
      [spanHeight, after(inHeight, padInfo.top, apart.shape[1])],
      [spanWidth, after(inWidth, padInfo.left, apart.shape[2])],
      [0, 0],
    ]) as Tensor4D
    const all = depthwiseConv2d(padded, turned, 1, 'valid', 'NHWC', [dilationHeight, dilationWidth])
    const image = slice(
      all,
      [0, padInfo.top, padInfo.left, 0],
      [batchSize, inHeight, inWidth, channels * multiplier],
    )
    return multiplier === 1
      ? image
      : sum(reshape(image, [batchSize, inHeight, inWidth, channels, multiplier]), 4)
  })
