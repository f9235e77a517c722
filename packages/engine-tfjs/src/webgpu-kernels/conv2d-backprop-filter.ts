/**
 * tfjs's kernel `Conv2DBackpropFilter` on WebGPU as a matrix product whose reduction is split, in place of a loop a weight.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { backend_util, type Conv2DBackpropFilterAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { filterGradientProgram } from './filter-gradient-program.ts'
import type { Components } from './im2col-loads.ts'
import { depth, splitK } from './split-k.ts'
import { sumProgram } from './sum-program.ts'

type Shape4 = [number, number, number, number]

const componentsOf = (channels: number): Components => (channels % 4 === 0 ? 4 : 1)

const ints = (...data: number[]): { type: string; data: number[] } => ({ type: 'int32', data })

/** Whether {@link conv2dBackpropFilter} takes these arguments: float32 with channels last. */
export const coversConv2dBackpropFilter = (
  x: TensorInfo,
  dy: TensorInfo,
  { dataFormat }: Conv2DBackpropFilterAttrs,
): boolean => dataFormat === 'NHWC' && x.dtype === 'float32' && dy.dtype === 'float32'

/**
 * `dW[i, j, c, f] = sum over n, p, q of x[n, s p + i - top, s q + j - left, c] dy[n, p, q, f]`.
 *
 * The places (n, p, q) are those of dy, in this order: each chunk of them is summed from first to last, and the chunks as
 * `sumProgram` says. The same sizes give the same bits on every run on a device. A place beyond the image counts as 0, so that NaN or an
 * infinity in dy spoils all taps, those that look beyond the image too.
 *
 * Cost: that of the forward pass, and partial sums of 16 MiB at most, which tfjs keeps for the next call of this size.
 *
 * @param x `[n, h, w, Cin]`, float32.
 * @param dy `[n, oh, ow, Cout]`, float32.
 * @param attrs of tfjs's kernel: every stride and padding, dilation 1 (tfjs differentiates no other), `dataFormat` NHWC.
 * @returns in `filterShape`, `[KH, KW, Cin, Cout]`; the caller owns it. Zeros where there is nothing to sum.
 */
export const conv2dBackpropFilter = (
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  { strides, pad, dimRoundingMode, filterShape }: Conv2DBackpropFilterAttrs,
): TensorInfo => {
  const [kernelHeight, kernelWidth, inChannels, filters] = filterShape
  const rows = kernelHeight * kernelWidth * inChannels
  const size = rows * filters
  const [batch, outHeight, outWidth] = dy.shape
  const places = batch * outHeight * outWidth
  // WebGPU binds no empty buffer.
  if (size === 0 || places === 0 || util.sizeFromShape(x.shape) === 0)
    return backend.makeTensorInfo(filterShape, 'float32', new Float32Array(size))
  const info = backend_util.computeConv2DInfo(
    x.shape as Shape4,
    filterShape as Shape4,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  const split = splitK(rows, filters, places)
  const partialSums = backend.runWebGPUProgram(
    filterGradientProgram(split, rows, filters, componentsOf(inChannels), componentsOf(filters)),
    [x, dy],
    'float32',
    [
      ints(info.padInfo.top, info.padInfo.left),
      ints(info.strideHeight, info.strideWidth),
      ints(kernelWidth),
      ints(rows),
      ints(split.chunkLength / depth),
    ],
  )
  if (split.chunks === 1) return { ...partialSums, shape: filterShape }
  const sum = backend.runWebGPUProgram(sumProgram(split.chunks, size), [partialSums], 'float32')
  backend.disposeData(partialSums.dataId)
  return { ...sum, shape: filterShape }
}
