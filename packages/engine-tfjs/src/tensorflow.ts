/** The engine on TensorFlow's own runtime, in Node: CPU through tfjs-node, CUDA through tfjs-node-gpu. */
import { makeCudaBackend, makeNodeBackend, tfjsBackendName } from '@laperm/backend-node'
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { makeTfjsEngine } from './make-tfjs-engine.ts'

/** Which of TensorFlow's packages. */
export interface TensorFlowEngineOptions {
  /** `tfjs-node` computes on the CPU, `tfjs-node-gpu` on a CUDA device; a process can load one of them. Default `tfjs-node`. */
  readonly package?: 'tfjs-node' | 'tfjs-node-gpu'
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
      operations: made.right.tensors,
    })()
  }
