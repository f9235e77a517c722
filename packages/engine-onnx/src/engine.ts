/** The engine: finds out whether onnxruntime runs here, compiles models for it, starts a worker for each session. */
import { availableParallelism } from 'node:os'
import type { CompileOptions, Engine, EngineError, TrainSession } from '@laperm/engine'
import type { Model } from '@laperm/models'
import { inferShapes, renderModelError } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'
import { compileModel } from './compile/compile-model.ts'
import { UnsupportedLayer } from './compile/unsupported-layer.ts'
import { checkOptions } from './host/checks.ts'
import { probeInProcess } from './host/probe-process.ts'
import { makeWorkerSession } from './host/worker-session.ts'
import { loadOnnxRuntime } from './runtime/load-onnxruntime.ts'
import type { ConvolutionProbe } from './runtime/probe-convolutions.ts'

const name = 'onnx'

/** How the engine runs. */
export interface OnnxEngineOptions {
  /** Threads a step may use; default: what the machine has. `CompileOptions.threads` goes before it. */
  readonly threads?: number
  /**
   * How convolutions are done. `standard`: by ONNX's own operators. `nchwc`: by onnxruntime's blocked ones, which are faster but internal
   * to it. `auto`, the default: blocked where a probe finds them sound on this processor.
   */
  readonly convolutions?: 'auto' | 'standard' | 'nchwc'
}

const unavailable = (reason: string, remedy: string): EngineError => ({
  _tag: 'EngineUnavailable',
  engine: name,
  reason,
  remedy,
})

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const requireThreads = (threads: number): number => {
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new RangeError(`threads: must be a positive integer, got ${threads}`)
  return threads
}

const compile =
  (engineThreads: number, block: number | undefined) =>
  (model: Model, options: CompileOptions): TE.TaskEither<EngineError, TrainSession> =>
  async () => {
    const threads = requireThreads(options.threads ?? engineThreads)
    checkOptions(options)
    const inferred = inferShapes(model)
    if (E.isLeft(inferred)) {
      const error = inferred.left
      const layer = error._tag === 'InvalidLayer' ? error.layer : 'none in particular'
      return E.left({
        _tag: 'UnsupportedModel',
        engine: name,
        model: model.name,
        layer,
        reason: error._tag === 'InvalidLayer' ? error.reason : renderModelError(error),
      })
    }
    try {
      const program = compileModel(inferred.right, options.innerOptimizer, block, options.batchSize)
      return E.right(await makeWorkerSession(inferred.right, program, options, threads))
    } catch (error) {
      if (error instanceof UnsupportedLayer)
        return E.left({
          _tag: 'UnsupportedModel',
          engine: name,
          model: model.name,
          layer: error.layer,
          reason: error.reason,
        })
      return E.left(
        unavailable(
          `no worker could be started for ${model.name}: ${messageOf(error)}`,
          'See whether `laperm doctor` finds onnxruntime.',
        ),
      )
    }
  }

/**
 * Make the engine.
 *
 * @returns `Left(EngineUnavailable)` when onnxruntime-node is not installed or has no binary for this machine, or when NCHWc convolutions
 * are demanded and unsound here.
 * @throws RangeError when `threads` is not a positive integer.
 */
export const makeOnnxEngine = (options: OnnxEngineOptions = {}): TE.TaskEither<EngineError, Engine> => {
  const threads = requireThreads(options.threads ?? availableParallelism())
  const { convolutions = 'auto' } = options
  return async () => {
    try {
      const probing: Promise<ConvolutionProbe> =
        convolutions === 'standard'
          ? Promise.resolve({ kind: 'standard', reason: 'as asked for' })
          : probeInProcess()
      const ort = await loadOnnxRuntime()
      const probe = await probing
      if (convolutions === 'nchwc' && probe.kind === 'standard')
        return E.left(
          unavailable(
            `NCHWc convolutions cannot be used: ${probe.reason}`,
            "Make the engine with `convolutions: 'standard'`.",
          ),
        )
      return E.right({
        name,
        describe: [
          `onnxruntime-node ${ort.env.versions.node ?? 'of unknown version'}`,
          `CPU, ${threads} thread${threads === 1 ? '' : 's'}`,
          probe.kind === 'nchwc'
            ? `NCHWc convolutions in blocks of ${probe.block}`
            : `standard convolutions (${probe.reason})`,
        ].join(', '),
        compile: compile(threads, probe.kind === 'nchwc' ? probe.block : undefined),
      })
    } catch (error) {
      return E.left(
        unavailable(
          `onnxruntime-node could not be loaded: ${messageOf(error).split('\n')[0]}`,
          'Run `npm install onnxruntime-node`; it has binaries for Linux (glibc), macOS and Windows on x64 and arm64.',
        ),
      )
    }
  }
}
