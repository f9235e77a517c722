/**
 * Core's kernels on a backend whose values can be read synchronously (cpu, wasm, webgl, tensorflow).
 */
import {
  type Diverged,
  DivergedError,
  renderError,
  type SizeMismatch,
  sort,
  sync,
  type WeightVectors,
} from '@laperm/core'
import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'

const read = (tensor: Tensor2D): WeightVectors => ({
  values: tensor.dataSync<'float32'>(),
  length: tensor.shape[0],
  count: tensor.shape[1],
})

const toTensor = (result: E.Either<Diverged | SizeMismatch, WeightVectors>): Tensor2D => {
  if (E.isRight(result)) {
    const { values, length, count } = result.right
    return tensor2d(values, [length, count], 'float32')
  }
  if (result.left._tag === 'Diverged') {
    const { vector, index, variable } = result.left
    throw new DivergedError(vector, index, variable)
  }
  throw new RangeError(renderError(result.left))
}

/**
 * theta_sorted by core.
 *
 * @param w float32 `[length, count]`; not written.
 * @param name of the variable, for the error.
 * @throws DivergedError when a weight is NaN.
 */
export const hostSort = (w: Tensor2D, name: string): Tensor2D => toTensor(sort(read(w), name))

/**
 * Synchronization by core.
 *
 * @param sorted theta_sorted, float32 `[length, count]`; not written.
 * @param w float32 `[length, count]`; not written.
 * @param name of the variable, for the error.
 * @throws DivergedError when a weight is NaN.
 */
export const hostSync = (sorted: Tensor2D, w: Tensor2D, name: string): Tensor2D =>
  toTensor(sync(read(sorted), read(w), name))
