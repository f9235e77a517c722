/** The engine on whatever backend tfjs has: everything that is the same on wasm, WebGL, WebGPU and TensorFlow. */
import type { InnerOptimizerSpec, Remedy, TensorOperations } from '@laperm/core'
import { makeDeviceWatch } from '@laperm/core/kernel'
import {
  checkCompileOptions,
  checkTrainable,
  type Engine,
  type EngineError,
  engineUnavailable,
} from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { makeHostTensorOperations } from './host-tensors.ts'
import { makeTensorOptimizer, type TensorOptimizer } from './inner-update.ts'
import type { Runtime } from './runtime.ts'
import { makeSession } from './session.ts'

/** What an engine is made of. */
export interface TfjsEngineOptions {
  /** Name of the engine: `wasm`, `webgl`, `webgpu`, ... */
  readonly name: string
  /** Name under which the backend is registered with tfjs; default: the engine's name. */
  readonly backendName?: string
  /** What it runs on, for people; default: tfjs's version and the backend. */
  readonly describe?: string
  /** What the last bits depend on beside tfjs-core's version; default: nothing. */
  readonly bits?: Readonly<Record<string, string>>
  /** What sorts and synchronizes variables; default: the WASM kernel on the host, {@link makeHostTensorOperations}. */
  readonly operations?: TensorOperations<tf.Tensor>
  /** The inner optimizer on this backend; default: tfjs's operations, {@link makeTensorOptimizer}. */
  readonly makeOptimizer?: (spec: InnerOptimizerSpec) => TensorOptimizer
  /** Resolves when the device is gone, so that nobody waits for it; default: never. */
  readonly lost?: Promise<string>
}

/** First line of whatever was thrown. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]

/**
 * An engine on a backend that is registered with tfjs. It becomes tfjs's active backend.
 *
 * Sessions train with tfjs's own differentiation, our dropout masks, and our optimizer state, which resumes exactly. A step reads back
 * two numbers, a synchronization one (the number of NaNs), and nothing else leaves the device.
 *
 * @returns `Left(EngineUnavailable)` when tfjs has no such backend or cannot start it.
 * @example
 * // where tfjs-backend-cpu has been imported
 * const engine = await makeTfjsEngine({ name: 'cpu' })()
 */
export const makeTfjsEngine =
  (options: TfjsEngineOptions): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const { name, backendName = name, makeOptimizer = makeTensorOptimizer } = options
    const unavailable = (reason: string, remedy: Remedy | string) =>
      E.left(engineUnavailable(name, reason, remedy))
    const importFirst = `Import its package before making the engine, for example '@tensorflow/tfjs-backend-${backendName}'.`
    if (tf.findBackendFactory(backendName) === null)
      return unavailable(`tfjs has no backend called '${backendName}'`, importFirst)
    try {
      // tfjs-core registers no gradients by itself: browsers take its own list, and Node, where that is no module, the one of tfjs-layers.
      await import('#tfjs-gradients')
      if (!(await tf.setBackend(backendName)))
        return unavailable(`tfjs could not start its backend '${backendName}'`, 'The console says why.')
      await tf.ready()
    } catch (error) {
      return unavailable(
        `tfjs could not start its backend '${backendName}': ${messageOf(error)}`,
        importFirst,
      )
    }
    const found =
      options.operations === undefined ? await makeHostTensorOperations()() : E.right(options.operations)
    if (E.isLeft(found)) return unavailable(found.left.reason, found.left.remedy)
    const operations = found.right
    const watch = options.lost === undefined ? undefined : makeDeviceWatch()
    if (watch !== undefined) void options.lost?.then(watch.lose)
    const runtime: Runtime = { engine: name, backendName, operations, makeOptimizer, watch }
    return E.right({
      name,
      describe: options.describe ?? `TensorFlow.js ${tf.version_core}, ${backendName}`,
      bits: { '@tensorflow/tfjs-core': tf.version_core, ...options.bits },
      compile: (inferred, compileOptions) => async () => {
        checkCompileOptions(compileOptions)
        return E.map(() => makeSession(inferred, compileOptions, runtime))(checkTrainable(name, inferred))
      },
    })
  }
