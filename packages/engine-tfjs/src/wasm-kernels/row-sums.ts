/**
 * Sums and means over every axis but the last, as gradients of biases and batch normalization need them. tfjs-backend-wasm transposes the
 * whole tensor for them and adds in float32.
 */
import { type KernelFunc, type SumAttrs, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { heapOf, makeFloats, valuesOf, type WasmHeap } from './heap.ts'

const rowsPerBlock = 8

/** The sum of the rows divided by a number, `[..., c]` to `[c]`. Added in float64, rounded once. */
const sumRows = (heap: WasmHeap, x: TensorInfo, outShape: readonly number[], divisor: number): TensorInfo => {
  const channels = x.shape[x.shape.length - 1]
  const sums = makeFloats(heap, outShape)
  const values = valuesOf(heap, x)
  const total = new Float64Array(channels)
  // Several rows between two writes of a total.
  const block = rowsPerBlock * channels
  const inBlocks = values.length - (values.length % block)
  for (let from = 0; from < inBlocks; from += block)
    for (let c = 0; c < channels; c++) {
      let ofBlock = 0
      for (let at = from + c; at < from + block; at += channels) ofBlock += values[at]
      total[c] += ofBlock
    }
  for (let row = inBlocks; row < values.length; row += channels)
    for (let c = 0; c < channels; c++) total[c] += values[row + c]
  valuesOf(heap, sums).set(total.map((each) => each / divisor))
  return sums
}

/**
 * A kernel in the place of tfjs's own `Sum` or `Mean`, which keeps every case but float32 over all axes but the last.
 *
 * @param kind `sum`, or `mean`: the sum divided by the number of rows.
 */
export const overRows =
  (kind: 'sum' | 'mean') =>
  (own: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { readonly x: Tensor }
    const { axis, keepDims } = call.attrs as unknown as SumAttrs
    const rank = x.shape.length
    const axes = util.parseAxisParam(axis, x.shape)
    const overLeading = rank > 1 && axes.length === rank - 1 && !axes.includes(rank - 1)
    if (x.dtype !== 'float32' || !overLeading) return own(call)
    const channels = x.shape[rank - 1]
    const outShape = keepDims ? [...new Array<number>(rank - 1).fill(1), channels] : [channels]
    return sumRows(heapOf(call.backend), x, outShape, kind === 'sum' ? 1 : x.size / channels)
  }
