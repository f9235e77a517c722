/**
 * Gradients of 2-D convolution, each written as a convolution, so that tfjs-backend-wasm's XNNPACK kernel does the work.
 */
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  conv2d,
  pad as padTensor,
  reshape,
  reverse,
  slice,
  stack,
  type Tensor,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core'

type Shape4 = [number, number, number, number]

const requireChannelsLast = (what: string, dataFormat: string): void => {
  if (dataFormat !== 'NHWC')
    throw new Error(
      `${what} on wasm: dataFormat must be 'NHWC', got '${dataFormat}'; transpose the tensors first`,
    )
}

/**
 * `dW[i, j, c, f] = sum over n, p, q of x[n, s p + i - top, s q + j - left, c] dy[n, p, q, f]`: a convolution whose images are the
 * channels of x, whose channels are the examples, whose kernel is dy, and whose dilation is the forward pass's stride.
 *
 * @returns in `filterShape`, `[kh, kw, cin, filters]`. Cost: that of the forward pass.
 */
export const conv2dBackpropFilter = (
  x: Tensor4D,
  dy: Tensor4D,
  { strides, pad, dataFormat, dimRoundingMode, filterShape }: Conv2DBackpropFilterAttrs,
): Tensor =>
  tidy(() => {
    requireChannelsLast('Conv2DBackpropFilter', dataFormat)
    const info = backend_util.computeConv2DInfo(
      x.shape,
      filterShape as Shape4,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    const { padInfo, strideHeight, strideWidth, outHeight, outWidth, inHeight, inWidth } = info
    const [kernelHeight, kernelWidth] = filterShape
    // Rows that this convolution needs after the image: what its kernel spans at its last place, less what is there.
    const after = (size: number, before: number, out: number, stride: number, kernel: number): number =>
      kernel + (out - 1) * stride - size - before
    const bottom = after(inHeight, padInfo.top, outHeight, strideHeight, kernelHeight)
    const right = after(inWidth, padInfo.left, outWidth, strideWidth, kernelWidth)
    const channels = transpose(x, [3, 1, 2, 0])
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
      seen as Tensor4D,
      transpose(dy, [1, 2, 0, 3]) as Tensor4D,
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

/**
 * Taps of a kernel axis that meet places of one phase: `phase, phase + stride, ...`. By reshaping and a plain slice: wasm's strided slice
 * takes longer than the convolution itself.
 */
const phaseOf = (kernel: Tensor4D, axis: 0 | 1, phase: number, stride: number): Tensor4D => {
  if (stride === 1) return kernel
  const [rows, columns, inputs, outputs] = kernel.shape
  const size = kernel.shape[axis]
  const missing = (stride - (size % stride)) % stride
  const whole = padTensor(kernel, [
    [0, axis === 0 ? missing : 0],
    [0, axis === 1 ? missing : 0],
    [0, 0],
    [0, 0],
  ])
  const groups = (size + missing) / stride
  const taps = Math.ceil((size - phase) / stride)
  const each = inputs * outputs
  return axis === 0
    ? reshape(
        slice(reshape(whole, [groups, stride, columns * each]), [0, phase, 0], [taps, 1, columns * each]),
        [taps, columns, inputs, outputs],
      )
    : reshape(slice(reshape(whole, [rows, groups, stride, each]), [0, 0, phase, 0], [rows, taps, 1, each]), [
        rows,
        taps,
        inputs,
        outputs,
      ])
}

/**
 * `dx[n, s q + r - top, ...] = sum over t of dy[n, q - t, ...] W[r + s t, ...]`: for each of the `s * s` phases `r` of the stride a
 * convolution of dy with every s-th tap of the kernel, turned around; the phases are interleaved.
 *
 * @returns in `inputShape`, `[n, h, w, cin]`. Cost: that of the forward pass.
 */
export const conv2dBackpropInput = (
  dy: Tensor4D,
  filter: Tensor4D,
  { strides, pad, dataFormat, dimRoundingMode, inputShape }: Conv2DBackpropInputAttrs,
): Tensor =>
  tidy(() => {
    requireChannelsLast('Conv2DBackpropInput', dataFormat)
    const info = backend_util.computeConv2DInfo(
      inputShape as Shape4,
      filter.shape,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    const {
      padInfo,
      strideHeight,
      strideWidth,
      outHeight,
      outWidth,
      inHeight,
      inWidth,
      inChannels,
      batchSize,
    } = info
    // Places of the padded image a phase has: those that dy reaches, and at least the image.
    const placesOf = (out: number, kernel: number, stride: number, size: number, before: number): number =>
      Math.max(out + Math.ceil(kernel / stride) - 1, Math.ceil((size + before) / stride))
    const rows = placesOf(outHeight, filter.shape[0], strideHeight, inHeight, padInfo.top)
    const columns = placesOf(outWidth, filter.shape[1], strideWidth, inWidth, padInfo.left)
    const turned = transpose(filter, [0, 1, 3, 2]) as Tensor4D
    if (strideHeight === 1 && strideWidth === 1) {
      const [kernelHeight, kernelWidth] = filter.shape
      const [top, left] = [kernelHeight - 1 - padInfo.top, kernelWidth - 1 - padInfo.left]
      const bottom = inHeight - outHeight - top + kernelHeight - 1
      const right = inWidth - outWidth - left + kernelWidth - 1
      // Padded by more than a kernel reaches, the image lies inside of what comes out and is cut from it below.
      if (Math.min(top, left, bottom, right) >= 0)
        return conv2d(dy, reverse(turned, [0, 1]) as Tensor4D, 1, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ])
    }
    const phases = Array.from({ length: strideHeight }, (_, r) =>
      Array.from({ length: strideWidth }, (_, s): Tensor4D => {
        if (r >= filter.shape[0] || s >= filter.shape[1])
          return zeros([batchSize, rows, columns, inChannels]) as Tensor4D
        const taps = reverse(
          phaseOf(phaseOf(turned, 0, r, strideHeight), 1, s, strideWidth),
          [0, 1],
        ) as Tensor4D
        const [height, width] = taps.shape
        return conv2d(dy, taps, 1, [
          [0, 0],
          [height - 1, rows - outHeight],
          [width - 1, columns - outWidth],
          [0, 0],
        ])
      }),
    )
    if (strideHeight === 1 && strideWidth === 1)
      return slice(
        phases[0][0],
        [0, padInfo.top, padInfo.left, 0],
        [batchSize, inHeight, inWidth, inChannels],
      )
    const lines = phases.map((line) => stack(line, 3))
    const whole = reshape(stack(lines, 2), [
      batchSize,
      rows * strideHeight,
      columns * strideWidth,
      inChannels,
    ])
    return slice(whole, [0, padInfo.top, padInfo.left, 0], [batchSize, inHeight, inWidth, inChannels])
  })
