/**
 * Sorting and synchronizing on the active backend: by registered tensor operations, which tfjs's own kernel registry keeps.
 *
 * Where a backend has none, its values are read synchronously and core synchronizes them (cpu, wasm, webgl, tensorflow); where a
 * synchronous read is impossible (webgpu), ranks are counted by tensor operations and nothing is read back.
 */
import { type ImmediateTensorOperations, weightVectorsSize } from '@laperm/core'
import {
  engine,
  getBackend,
  getKernel,
  registerKernel,
  reshape,
  type Tensor,
  type Tensor2D,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { countingSort, countingSync } from './counting-rank.ts'
import { hostSort, hostSync } from './host-sync.ts'

/** Names of the kernels in tfjs's registry: `w`, and for the second `sorted` and `w`, to one tensor of that shape. */
const sortKernelName = 'LapermSort'
const syncKernelName = 'LapermSync'

/** What is used of a backend's tensor operations: they return at once, and run inside `tf.tidy`. */
export type RegisteredOperations = Pick<ImmediateTensorOperations<Tensor>, 'sort' | 'sync'>

/**
 * Register what sorts and synchronizes on a tfjs backend; replaces what was there.
 *
 * @param backendName the name that `tf.getBackend()` gives: `webgl`, `webgpu`, `tensorflow`.
 * @example
 * ```ts
 * registerTensorOperations('webgl', backend.tensors) // of makeWebGlBackend, or of makeNodeBackend for 'tensorflow'
 * ```
 */
export const registerTensorOperations = (backendName: string, { sort, sync }: RegisteredOperations): void => {
  unregisterTensorOperations(backendName)
  registerKernel({
    kernelName: sortKernelName,
    backendName,
    kernelFunc: ({ inputs }) => sort(inputs['w'] as Tensor),
  })
  registerKernel({
    kernelName: syncKernelName,
    backendName,
    kernelFunc: ({ inputs }) => sync(inputs['sorted'] as Tensor, inputs['w'] as Tensor),
  })
}

/** Remove what was registered for a backend; the default takes over. Removing nothing is no error. */
export const unregisterTensorOperations = (backendName: string): void => {
  for (const name of [sortKernelName, syncKernelName])
    if (getKernel(name, backendName) != null) unregisterKernel(name, backendName)
}

/**
 * How the active backend synchronizes: `registered` by operations of its own; `host` values are read and core does it; `counting` tensor
 * operations, nothing is read back.
 */
export type SyncRoute = 'registered' | 'host' | 'counting'

/** Whether the active backend can hand out values without waiting. WebGPU cannot. */
export const readsSynchronously = (): boolean => getBackend() !== 'webgpu'

/** The way in which the active backend synchronizes. */
export const syncRoute = (): SyncRoute => {
  if (getKernel(syncKernelName, getBackend()) != null) return 'registered'
  return readsSynchronously() ? 'host' : 'counting'
}

/** A tensor of any rank as the matrix whose columns are its weight vectors. */
const matrixOf = (tensor: Tensor): Tensor2D => {
  const { length, count } = weightVectorsSize(tensor.shape)
  return reshape(tensor, [length, count])
}

/**
 * theta_sorted of one variable, on the active backend: zeros are +0.
 *
 * @param w the weights, float32 of any rank, not empty; not written.
 * @param name of the variable, for the error.
 * @throws DivergedError on the `host` route when a weight is NaN; the other routes are guarded by their caller.
 */
export const sortTensor = (w: Tensor, name: string): Tensor => {
  switch (syncRoute()) {
    case 'registered':
      return engine().runKernel(sortKernelName, { w })
    case 'counting':
      return reshape(countingSort(matrixOf(w)), w.shape)
    case 'host':
      return reshape(hostSort(matrixOf(w), name), w.shape)
  }
}

/**
 * Synchronize one variable's weight vectors on the active backend.
 *
 * @param sorted theta_sorted, float32 of any rank, not empty.
 * @param w the weights, of the same shape; not written.
 * @param name of the variable, for the error.
 * @throws DivergedError on the `host` route when a weight is NaN; the other routes are guarded by their caller.
 */
export const syncTensor = (sorted: Tensor, w: Tensor, name: string): Tensor => {
  switch (syncRoute()) {
    case 'registered':
      return engine().runKernel(syncKernelName, { sorted, w })
    case 'counting':
      return reshape(countingSync(matrixOf(sorted), matrixOf(w)), w.shape)
    case 'host':
      return reshape(hostSync(matrixOf(sorted), matrixOf(w), name), w.shape)
  }
}
