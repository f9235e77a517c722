/** The engine on TensorFlow's own runtime, in Node: CPU through tfjs-node, CUDA through tfjs-node-gpu. */
import {
  makeCudaBackend,
  makeNodeBackend,
  sortTensor,
  syncTensor,
  tfjsBackendName,
} from '@laperm/backend-node'
import { weightVectorsSize } from '@laperm/core'
import type { Engine, EngineError } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { engineUnavailable, makeTfjsEngine } from './make-tfjs-engine.ts'

/** Which of TensorFlow's packages. */
export interface TensorFlowEngineOptions {
  /** `tfjs-node` computes on the CPU, `tfjs-node-gpu` on a CUDA device; a process can load one of them. Default `tfjs-node`. */
  readonly package?: 'tfjs-node' | 'tfjs-node-gpu'
}

/** The weight vectors of a variable of any shape, as the columns that TensorFlow's kernels take. */
const columnsOf = (tensor: tf.Tensor): tf.Tensor2D => {
  const { length, count } = weightVectorsSize(tensor.shape)
  return tf.reshape(tensor, [length, count])
}

/**
 * Make the engine `node` (CPU) or `cuda`. Never falls back from CUDA to the CPU.
 *
 * @returns `Left(EngineUnavailable)` saying what is missing: the package, its binding, a library, a device.
 */
export const makeTensorFlowEngine =
  (options: TensorFlowEngineOptions = {}): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const isCuda = options.package === 'tfjs-node-gpu'
    const name = isCuda ? 'cuda' : 'node'
    const made = await (isCuda ? makeCudaBackend() : makeNodeBackend())()
    if (E.isLeft(made)) return E.left(engineUnavailable(name, made.left.reason, made.left.remedy))
    return makeTfjsEngine({
      name,
      backendName: tfjsBackendName,
      describe: `TensorFlow.js ${tf.version_core} on TensorFlow's own runtime, ${isCuda ? 'CUDA' : 'CPU'}`,
      synchronizer: {
        sort: (w) => tf.tidy(() => tf.reshape(sortTensor(columnsOf(w)), w.shape)),
        sync: (sorted, w) => tf.tidy(() => tf.reshape(syncTensor(columnsOf(sorted), columnsOf(w)), w.shape)),
      },
    })()
  }
