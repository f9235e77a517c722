/**
 * Sort, rank, permute and synchronize as TensorFlow operations on tensors: nothing is copied to JavaScript.
 *
 * One TopKV2 ranks (the authors' code needs two); InvertPermutation turns the order into ranks and GatherV2 applies them, because
 * TensorFlow's scatter is three times slower than both together.
 */
import {
  add,
  cast,
  range,
  reshape,
  scalar,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import { descendingKeys, weightsOfKeys } from './order-keys.ts'
import { registeredRuntime, type TensorFlowRuntime, typeAttribute } from './tensorflow-runtime.ts'

/** TopKV2 over whole rows: `[keys, indices]`, both int32 `[count, length]`, largest key first, equal keys by index. */
const orderRows = (runtime: TensorFlowRuntime, keys: Tensor, length: number): readonly [Tensor, Tensor] => {
  const [values, indices] = runtime.executeMultipleOutputs(
    'TopKV2',
    [
      { name: 'sorted', type: runtime.binding.TF_ATTR_BOOL, value: true },
      typeAttribute(runtime, 'T', 'int32'),
    ],
    [keys, scalar(length, 'int32')],
    2,
  )
  return [values, indices]
}

/** The position of each row's first element in the flat matrix: int32 `[count, 1]`. */
const rowStarts = (length: number, count: number): Tensor =>
  reshape(range(0, length * count, length, 'int32'), [count, 1])

/** Ranks plus row starts, flat: where in the flat sorted rows each weight's value is. int32 `[count * length]`. */
const flatRanks = (runtime: TensorFlowRuntime, rows: Tensor, length: number, count: number): Tensor => {
  const [, indices] = orderRows(runtime, descendingKeys(runtime, rows), length)
  const order = reshape(add(indices, rowStarts(length, count)), [length * count])
  return runtime.executeSingleOutput('InvertPermutation', [typeAttribute(runtime, 'T', 'int32')], [order])
}

/** `result[p] = values[positions[p]]`; tfjs-core's gather would read the positions back to check them. */
const gatherFlat = (runtime: TensorFlowRuntime, values: Tensor, positions: Tensor): Tensor =>
  runtime.executeSingleOutput(
    'GatherV2',
    [
      { name: 'batch_dims', type: runtime.binding.TF_ATTR_INT, value: 0 },
      typeAttribute(runtime, 'Tparams', 'float32'),
      typeAttribute(runtime, 'Tindices', 'int32'),
      typeAttribute(runtime, 'Taxis', 'int32'),
    ],
    [values, positions, scalar(0, 'int32')],
  )

/** Flat rows back to columns. */
const columnsOf = (flat: Tensor, length: number, count: number): Tensor2D => {
  const rows: Tensor2D = reshape(flat, [count, length])
  return transpose(rows)
}

const isEmpty = ({ size }: Tensor): boolean => size === 0

/**
 * Every column ascending; zeros are +0.
 *
 * @param w float32 `[length, count]` on the `tensorflow` backend; not written.
 */
export const sortTensor = (w: Tensor2D): Tensor2D =>
  tidy(() => {
    if (isEmpty(w)) return w.clone()
    const runtime = registeredRuntime()
    const [length, count] = w.shape
    const [keys] = orderRows(runtime, descendingKeys(runtime, transpose(w)), length)
    return columnsOf(weightsOfKeys(runtime, keys), length, count)
  })

/**
 * Every weight's rank within its column, as float32 (exact: a vector holds fewer than 2^24 weights).
 *
 * @param w float32 `[length, count]` on the `tensorflow` backend; not written.
 */
export const rankTensor = (w: Tensor2D): Tensor2D =>
  tidy(() => {
    if (isEmpty(w)) return w.clone()
    const [length, count] = w.shape
    const flat = flatRanks(registeredRuntime(), transpose(w), length, count)
    return cast(
      columnsOf(sub(reshape(flat, [count, length]), rowStarts(length, count)), length, count),
      'float32',
    )
  })

/**
 * `result[i, j] = sorted[ranks[i, j], j]`.
 *
 * @param sorted float32 `[length, count]`; @param ranks float32 integers of the same shape, each in `0..length-1`. Neither is written.
 */
export const permuteTensor = (sorted: Tensor2D, ranks: Tensor2D): Tensor2D =>
  tidy(() => {
    if (isEmpty(sorted)) return sorted.clone()
    const [length, count] = sorted.shape
    const positions = add(cast(transpose(ranks), 'int32'), rowStarts(length, count))
    const values = reshape(transpose(sorted), [length * count])
    return columnsOf(
      gatherFlat(registeredRuntime(), values, reshape(positions, [length * count])),
      length,
      count,
    )
  })

/**
 * The paper's synchronization: `result[i, j] = sorted[rank(w)[i, j], j]`, fused. A kernel for `registerSyncKernel` of `@laperm/tfjs`.
 *
 * @param sorted theta_sorted, float32 `[length, count]` on the `tensorflow` backend; not written.
 * @param w the weights, of the same shape; not written.
 * @example
 * ```ts
 * registerSyncKernel('tensorflow', syncTensor)
 * ```
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const syncTensor = (sorted: Tensor2D, w: Tensor2D): Tensor2D =>
  tidy(() => {
    if (isEmpty(w)) return w.clone()
    const runtime = registeredRuntime()
    const [length, count] = w.shape
    const positions = flatRanks(runtime, transpose(w), length, count)
    const values = reshape(transpose(sorted), [length * count])
    return columnsOf(gatherFlat(runtime, values, positions), length, count)
  })
