/**
 * Sorting and synchronizing on the active backend: by registered tensor operations, which tfjs's own kernel registry keeps.
 *
 * Where a backend has none, its values are read synchronously and core synchronizes them (cpu, wasm, webgl, tensorflow); where a
 * synchronous read is impossible (webgpu), ranks are counted by tensor operations and nothing is read back.
 */
import { type ImmediateTensorOperations, type NeuronAxes, weightVectorsLayout } from '@laperm/core'
import {
  engine,
  getBackend,
  getKernel,
  registerKernel,
  reshape,
  type Tensor,
  type Tensor2D,
  transpose,
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

/** A variable's value as the matrix whose columns are its weight vectors. */
const matrixOf = (tensor: Tensor, neuronAxes: NeuronAxes): Tensor2D => {
  const { length, count, axes, isMatrix } = weightVectorsLayout(tensor.shape, neuronAxes)
  return reshape(isMatrix ? tensor : transpose(tensor, [...axes]), [length, count])
}

/** The reverse of {@link matrixOf}: a matrix of weight vectors as a value of a variable of this shape. */
const variableValue = (matrix: Tensor2D, shape: readonly number[], neuronAxes: NeuronAxes): Tensor => {
  const { axes, isMatrix } = weightVectorsLayout(shape, neuronAxes)
  if (isMatrix) return reshape(matrix, [...shape])
  const moved = reshape(
    matrix,
    axes.map((axis) => shape[axis]),
  )
  return transpose(
    moved,
    axes.map((_, axis) => axes.indexOf(axis)),
  )
}

/**
 * theta_sorted of one variable, on the active backend: zeros are +0. Called inside `tf.tidy`.
 *
 * @param w the weights, float32 of any rank, not empty; not written.
 * @param neuronAxes of the variable.
 * @param name of the variable, for the error.
 * @throws DivergedError on the `host` route when a weight is NaN; the other routes are guarded by their caller.
 */
export const sortTensor = (w: Tensor, neuronAxes: NeuronAxes, name: string): Tensor => {
  const matrix = matrixOf(w, neuronAxes)
  const sorted = (): Tensor2D => {
    switch (syncRoute()) {
      case 'registered':
        return engine().runKernel(sortKernelName, { w: matrix })
      case 'counting':
        return countingSort(matrix)
      case 'host':
        return hostSort(matrix, name)
    }
  }
  return variableValue(sorted(), w.shape, neuronAxes)
}

/**
 * Synchronize one variable's weight vectors on the active backend. Called inside `tf.tidy`.
 *
 * @param sorted theta_sorted, float32 of any rank, not empty.
 * @param w the weights, of the same shape; not written.
 * @param neuronAxes of the variable.
 * @param name of the variable, for the error.
 * @throws DivergedError on the `host` route when a weight is NaN; the other routes are guarded by their caller.
 */
export const syncTensor = (sorted: Tensor, w: Tensor, neuronAxes: NeuronAxes, name: string): Tensor => {
  const from = matrixOf(sorted, neuronAxes)
  const by = matrixOf(w, neuronAxes)
  const synced = (): Tensor2D => {
    switch (syncRoute()) {
      case 'registered':
        return engine().runKernel(syncKernelName, { sorted: from, w: by })
      case 'counting':
        return countingSync(from, by)
      case 'host':
        return hostSync(from, by, name)
    }
  }
  return variableValue(synced(), w.shape, neuronAxes)
}
