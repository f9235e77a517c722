/**
 * Ranking on the active backend: one registered kernel `(sorted, w) -> synced` a backend, kept in tfjs's own kernel registry.
 *
 * Where a backend has none, its values are read synchronously and core synchronizes them (cpu, wasm, webgl, tensorflow); where a
 * synchronous read is impossible (webgpu), ranks are counted by tensor operations and nothing is read back.
 */
import {
  engine,
  getBackend,
  getKernel,
  registerKernel,
  type Tensor2D,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { countingSync } from './counting-rank.ts'
import { hostSync } from './host-sync.ts'

/** Name of the kernel in tfjs's registry: inputs `sorted` and `w`, both float32 `[length, count]`; one output of that shape. */
export const syncKernelName = 'LapermSync'

/**
 * The paper's synchronization on one backend: `result[i, j] = sorted[rank(w)[i, j], j]`.
 *
 * Order as everywhere in LaPerm: ascending, -0 equal to +0, equal values keep index order. Must not write its inputs. Runs inside
 * `tf.tidy`, so that what it makes on the way is disposed.
 */
export type SyncKernel = (sorted: Tensor2D, w: Tensor2D) => Tensor2D

/**
 * Register the ranking kernel of a backend; replaces the one that was there.
 *
 * @param backendName the name that `tf.getBackend()` gives: `webgl`, `webgpu`, `tensorflow`.
 * @example
 * ```ts
 * registerSyncKernel('webgl', syncTensor) // of @laperm/backend-webgl, or of @laperm/backend-node for 'tensorflow'
 * ```
 */
export const registerSyncKernel = (backendName: string, kernel: SyncKernel): void => {
  unregisterSyncKernel(backendName)
  registerKernel({
    kernelName: syncKernelName,
    backendName,
    kernelFunc: ({ inputs }) => kernel(inputs['sorted'] as Tensor2D, inputs['w'] as Tensor2D),
  })
}

/** Remove a backend's ranking kernel; the default takes over. Removing none is no error. */
export const unregisterSyncKernel = (backendName: string): void => {
  if (getKernel(syncKernelName, backendName) != null) unregisterKernel(syncKernelName, backendName)
}

/**
 * How the active backend synchronizes: `registered` a kernel of its own; `host` values are read and core does it; `counting` tensor
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

/**
 * Synchronize one variable's weight vectors on the active backend.
 *
 * @param sorted theta_sorted, float32 `[length, count]`.
 * @param w the weights, float32 `[length, count]`; not written.
 * @param name of the variable, for the error.
 * @throws DivergedError on the `host` route when a weight is NaN; the other routes are guarded by their caller.
 */
export const syncTensor = (sorted: Tensor2D, w: Tensor2D, name: string): Tensor2D => {
  switch (syncRoute()) {
    case 'registered':
      return engine().runKernel(syncKernelName, { sorted, w })
    case 'counting':
      return countingSync(sorted, w)
    case 'host':
      return hostSync(sorted, w, name)
  }
}
