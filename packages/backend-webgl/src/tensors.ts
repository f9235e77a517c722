/**
 * The four operations for people who have tfjs tensors already: in, out and everything between stay on the GPU.
 *
 * A tensor's weight vectors are its columns after all axes but the last are flattened, exactly as `@laperm/core` reads a variable; a
 * one-dimensional tensor is one vector. Results have the shape of `w`, are tracked by `tf.tidy` and `tf.memory()`, and are the caller's.
 */
import { weightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { findAnyWebGl } from './device.ts'
import { permuteKernel, rankKernel, sortKernel, syncKernel } from './kernels.ts'

/** Whoever has tensors on a software renderer has chosen it already, so it is taken as it is. */
const webGl = (): MathBackendWebGL => {
  const found = findAnyWebGl()
  if (E.isRight(found)) return found.right
  throw new TypeError(`Backend webgl cannot run here: ${found.left.reason}. ${found.left.remedy}`)
}

const checked = (what: string, x: Tensor, like: Tensor): void => {
  if (x.dtype !== 'float32') throw new TypeError(`${what}: expected dtype float32, got ${x.dtype}`)
  if (x.shape.length !== like.shape.length || x.shape.some((axis, i) => axis !== like.shape[i]))
    throw new RangeError(`${what}: expected shape [${like.shape}], got [${x.shape}]`)
}

/** Give the engine a kernel's result in the shape of the tensor it was made from. */
const tracked = <T extends Tensor>(backend: MathBackendWebGL, info: TensorInfo, like: T): T =>
  engine().makeTensorFromTensorInfo(
    { dataId: info.dataId, shape: [...like.shape], dtype: 'float32' },
    backend,
  ) as T

/**
 * Every weight vector ascending, zeros as +0.
 *
 * @param w float32 tensor of any shape with at least one axis.
 * @throws TypeError when there is no WebGL 2 with float textures or the dtype is another; RangeError on a shape without axes.
 */
export const sortTensor = <T extends Tensor>(w: T): T => {
  checked('w', w, w)
  const backend = webGl()
  return tracked(backend, sortKernel(backend, w, weightVectorsSize(w.shape)), w)
}

/** Every weight's rank within its vector, as float32 integers; ties keep index order, NaN ranks last. */
export const rankTensor = <T extends Tensor>(w: T): T => {
  checked('w', w, w)
  const backend = webGl()
  return tracked(backend, rankKernel(backend, w, weightVectorsSize(w.shape)), w)
}

/** `result[i, j] = sorted[ranks[i, j], j]`; both of one shape. */
export const permuteTensor = <T extends Tensor>(sorted: T, ranks: T): T => {
  checked('sorted', sorted, sorted)
  checked('ranks', ranks, sorted)
  const backend = webGl()
  return tracked(backend, permuteKernel(backend, sorted, ranks, weightVectorsSize(sorted.shape)), sorted)
}

/**
 * The paper's synchronization on the GPU: each weight is replaced by the weight of theta_sorted that has its rank.
 *
 * @param sorted theta_sorted: `sortTensor` of the initial weights.
 * @param w current weights, same shape. Neither is written; no read-back.
 * @example
 * const sorted = sortTensor(kernel)
 * // ... k steps of the inner optimizer ...
 * kernel.assign(tf.tidy(() => syncTensor(sorted, kernel)))
 * @see arXiv:2003.02570 Section 4
 */
export const syncTensor = <T extends Tensor>(sorted: T, w: T): T => {
  checked('sorted', sorted, w)
  checked('w', w, w)
  const backend = webGl()
  return tracked(backend, syncKernel(backend, sorted, w, weightVectorsSize(w.shape)), w)
}
