/** What both gradients of a convolution ask about its shapes. */
import { backend_util, type Conv2DBackpropFilterAttrs } from '@tensorflow/tfjs-core'

export type Shape4 = [number, number, number, number]

/** A convolution as tfjs computes its sizes and its padding. */
export type Conv2dInfo = backend_util.Conv2DInfo

/**
 * Sizes and padding of the forward pass.
 *
 * @param what the kernel, for an error.
 * @throws Error where channels come first.
 */
export const conv2dInfo = (
  what: string,
  inputShape: Shape4,
  filterShape: Shape4,
  { strides, pad, dataFormat, dimRoundingMode }: Omit<Conv2DBackpropFilterAttrs, 'filterShape'>,
): Conv2dInfo => {
  if (dataFormat !== 'NHWC')
    throw new Error(
      `${what} on wasm: dataFormat must be 'NHWC', got '${dataFormat}'; transpose the tensors first`,
    )
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode)
}

/**
 * Rows, inputs and outputs where a convolution is one product of matrices, `[rows, inputs] [inputs, outputs]`, without any copy: a kernel of
 * one place that visits every place, or one that covers the whole image once.
 */
export const asMatMul = ({
  batchSize,
  inChannels,
  outChannels,
  inHeight,
  inWidth,
  outHeight,
  outWidth,
  filterHeight,
  filterWidth,
  padInfo: { top, bottom, left, right },
}: Conv2dInfo): Readonly<Record<'rows' | 'inputs' | 'outputs', number>> | undefined => {
  const isPadded = top !== 0 || bottom !== 0 || left !== 0 || right !== 0
  const isOnePlace = filterHeight === 1 && filterWidth === 1 && outHeight === inHeight && outWidth === inWidth
  const isWhole = filterHeight === inHeight && filterWidth === inWidth
  if (isPadded || !(isOnePlace || isWhole)) return undefined
  return {
    rows: batchSize * outHeight * outWidth,
    inputs: filterHeight * filterWidth * inChannels,
    outputs: outChannels,
  }
}
