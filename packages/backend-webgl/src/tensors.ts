/**
 * The four operations on tfjs's WebGL tensors of any rank. Inputs, results and work textures stay on the GPU.
 */
import { type ImmediateTensorOperations, weightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { guarded } from './context-loss.ts'
import { rendererOf } from './device.ts'
import { permuteKernel, rankKernel, sortKernel, syncKernel } from './kernels.ts'

const checked = (what: string, x: Tensor, like: Tensor): void => {
  if (x.dtype !== 'float32') throw new TypeError(`${what}: expected dtype float32, got ${x.dtype}`)
  if (x.shape.length !== like.shape.length || x.shape.some((axis, i) => axis !== like.shape[i]))
    throw new RangeError(`${what}: expected shape [${like.shape}], got [${x.shape}]`)
}

/**
 * Operations on tensors of tfjs's WebGL backend. Results are tracked by `tf.tidy` and `tf.memory()`. Nothing is read back, so NaN is no error: it ranks
 * last, in index order.
 *
 * @param keepsSubnormals whether the device keeps subnormal numbers, as measured on it.
 */
export const makeTensorOperations = (
  gpu: MathBackendWebGL,
  keepsSubnormals: boolean,
): ImmediateTensorOperations<Tensor> => {
  /** A kernel's result as a tensor of the shape that it was made from. */
  const compute = <T extends Tensor>(like: T, kernel: () => TensorInfo): T =>
    guarded(gpu, () => {
      const { dataId } = kernel()
      return engine().makeTensorFromTensorInfo({ dataId, shape: [...like.shape], dtype: 'float32' }, gpu) as T
    })
  return {
    name: 'webgl',
    device: rendererOf(gpu),
    refusesNaN: false,
    keepsSubnormals,
    sort: (w) => {
      checked('w', w, w)
      return compute(w, () => sortKernel(gpu, w, weightVectorsSize(w.shape)))
    },
    rank: (w) => {
      checked('w', w, w)
      return compute(w, () => rankKernel(gpu, w, weightVectorsSize(w.shape)))
    },
    permute: (sorted, ranks) => {
      checked('sorted', sorted, sorted)
      checked('ranks', ranks, sorted)
      return compute(sorted, () => permuteKernel(gpu, sorted, ranks, weightVectorsSize(sorted.shape)))
    },
    sync: (sorted, w) => {
      checked('sorted', sorted, w)
      checked('w', w, w)
      return compute(w, () => syncKernel(gpu, sorted, w, weightVectorsSize(w.shape)))
    },
  }
}
