/**
 * Sort, rank, permute and synchronize as TensorFlow operations on tensors: nothing is copied to JavaScript.
 *
 * One TopKV2 ranks (the authors' code needs two); InvertPermutation turns the order into ranks and GatherV2 applies them, because
 * TensorFlow's scatter is slower than both together.
 */
import { type ImmediateTensorOperations, weightVectorsSize } from '@laperm/core'
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

/** A tensor as the matrix whose columns are its weight vectors. */
const matrixOf = (w: Tensor): Tensor2D => {
  const { length, count } = weightVectorsSize(w.shape)
  return reshape(w, [length, count])
}

const checked = (what: string, x: Tensor, like: Tensor, likeWhat: string): void => {
  if (x.dtype !== 'float32') throw new TypeError(`${what}: expected dtype float32, got ${x.dtype}`)
  if (`${x.shape}` !== `${like.shape}`)
    throw new RangeError(`${what}: must be [${like.shape}] as ${likeWhat} is, got [${x.shape}]`)
}

/** A result in the shape of a tensor; what was made on the way is disposed of. */
const shapedLike = <T extends Tensor>(like: T, compute: (length: number, count: number) => Tensor2D): T =>
  tidy(() => {
    const { length, count } = weightVectorsSize(like.shape)
    return length * count === 0 ? like.clone() : (reshape(compute(length, count), like.shape) as T)
  })

const sortColumns = (w: Tensor2D, length: number, count: number): Tensor2D => {
  const runtime = registeredRuntime()
  const [keys] = orderRows(runtime, descendingKeys(runtime, transpose(w)), length)
  return columnsOf(weightsOfKeys(runtime, keys), length, count)
}

const rankColumns = (w: Tensor2D, length: number, count: number): Tensor2D => {
  const flat = flatRanks(registeredRuntime(), transpose(w), length, count)
  const ranks = sub(reshape(flat, [count, length]), rowStarts(length, count))
  return cast(columnsOf(ranks, length, count), 'float32')
}

const permuteColumns = (sorted: Tensor2D, ranks: Tensor2D, length: number, count: number): Tensor2D => {
  const positions = add(cast(transpose(ranks), 'int32'), rowStarts(length, count))
  const values = reshape(transpose(sorted), [length * count])
  const flat = gatherFlat(registeredRuntime(), values, reshape(positions, [length * count]))
  return columnsOf(flat, length, count)
}

const syncColumns = (sorted: Tensor2D, w: Tensor2D, length: number, count: number): Tensor2D => {
  const runtime = registeredRuntime()
  const positions = flatRanks(runtime, transpose(w), length, count)
  const values = reshape(transpose(sorted), [length * count])
  return columnsOf(gatherFlat(runtime, values, positions), length, count)
}

/**
 * Operations on tensors of the tfjs backend `tensorflow`, which must be tfjs's active one. Results are tracked by `tf.tidy` and
 * `tf.memory()`. NaN is not looked for.
 *
 * @param name `node` or `cuda`; @param device what TensorFlow runs on, for people.
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const makeTensorOperations = (name: string, device: string): ImmediateTensorOperations<Tensor> => ({
  name,
  device,
  refusesNaN: false,
  keepsSubnormals: true,
  sort: (w) => {
    checked('w', w, w, 'w')
    return shapedLike(w, (length, count) => sortColumns(matrixOf(w), length, count))
  },
  rank: (w) => {
    checked('w', w, w, 'w')
    return shapedLike(w, (length, count) => rankColumns(matrixOf(w), length, count))
  },
  permute: (sorted, ranks) => {
    checked('ranks', ranks, sorted, 'sorted')
    return shapedLike(sorted, (length, count) =>
      permuteColumns(matrixOf(sorted), matrixOf(ranks), length, count),
    )
  },
  sync: (sorted, w) => {
    checked('w', w, sorted, 'sorted')
    return shapedLike(w, (length, count) => syncColumns(matrixOf(sorted), matrixOf(w), length, count))
  },
})
