/** The engine on whatever backend tfjs has: everything that is the same on wasm, WebGL, WebGPU and TensorFlow. */
import { type InnerOptimizerSpec, renderError, type TensorOperations } from '@laperm/core'
import type { Engine, EngineError } from '@laperm/engine'
import { inferShapes, type Model, renderModelError } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { checkOptions } from './checks.ts'
import { makeHostTensorOperations } from './host-tensors.ts'
import { makeTensorOptimizer, type TensorOptimizer } from './inner-update.ts'
import { makeSession } from './session.ts'

/** What an engine is made of. */
export interface TfjsEngineOptions {
  /** Name of the engine: `wasm`, `webgl`, `webgpu`, ... */
  readonly name: string
  /** Name under which the backend is registered with tfjs; default: the engine's name. */
  readonly backendName?: string
  /** What it runs on, for people; default: tfjs's version and the backend. */
  readonly describe?: string
  /** What sorts and synchronizes variables; default: the WASM kernel on the host, {@link makeHostTensorOperations}. */
  readonly operations?: TensorOperations<tf.Tensor>
  /** The inner optimizer on this backend; default: tfjs's operations, {@link makeTensorOptimizer}. */
  readonly makeOptimizer?: (spec: InnerOptimizerSpec) => TensorOptimizer
  /** Resolves when the device is gone, so that nobody waits for it; default: never. */
  readonly lost?: Promise<string>
}

/** The error of an engine that cannot run here. */
export const engineUnavailable = (engine: string, reason: string, remedy: string): EngineError => ({
  _tag: 'EngineUnavailable',
  engine,
  reason,
  remedy,
})

/** First line of whatever was thrown. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]

const unsupported = (engine: string, model: Model, layer: string, reason: string): EngineError => ({
  _tag: 'UnsupportedModel',
  engine,
  model: model.name,
  layer,
  reason,
})

const never = new Promise<string>(() => undefined)

/**
 * An engine on a backend that is registered with tfjs. It becomes tfjs's active backend.
 *
 * Sessions train with tfjs's own differentiation, our dropout masks, and our optimizer state, which resumes exactly. A step reads back
 * two numbers, a synchronization one (the number of NaNs), and nothing else leaves the device.
 *
 * @returns `Left(EngineUnavailable)` when tfjs has no such backend or cannot start it; `compile` gives `Left(UnsupportedModel)` for a model
 * whose shapes do not fit or that is no classifier.
 * @example
 * // where tfjs-backend-cpu has been imported
 * const engine = await makeTfjsEngine({ name: 'cpu' })()
 */
export const makeTfjsEngine =
  (options: TfjsEngineOptions): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const { name, backendName = name, makeOptimizer = makeTensorOptimizer, lost = never } = options
    const unavailable = (reason: string, remedy: string) => E.left(engineUnavailable(name, reason, remedy))
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
    if (E.isLeft(found)) return unavailable(renderError(found.left), '')
    const operations = found.right
    const canBeLost = options.lost !== undefined
    const runtime = { backendName, operations, makeOptimizer, lost, canBeLost }
    return E.right({
      name,
      describe: options.describe ?? `TensorFlow.js ${tf.version_core}, ${backendName}`,
      compile: (model, compileOptions) => async () => {
        checkOptions(compileOptions)
        const inferred = inferShapes(model)
        if (E.isLeft(inferred)) {
          const error = inferred.left
          return E.left(
            error._tag === 'InvalidLayer'
              ? unsupported(name, model, error.layer, error.reason)
              : unsupported(name, model, 'none in particular', renderModelError(error)),
          )
        }
        const { outputShape, layers } = inferred.right
        if (outputShape.length !== 1)
          return E.left(
            unsupported(
              name,
              model,
              layers[layers.length - 1].name,
              `the loss needs one value a class, the last layer gives [${outputShape.join(', ')}]; flatten before a dense layer`,
            ),
          )
        return E.right(makeSession(inferred.right, compileOptions, runtime))
      },
    })
  }
