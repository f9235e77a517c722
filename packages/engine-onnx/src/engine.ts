/** The engine: finds out whether onnxruntime runs here, compiles models for it, starts a worker for each session. */
import { availableParallelism } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import {
  checkCompileOptions,
  checkTrainable,
  type Engine,
  type EngineError,
  engineUnavailable,
  SessionFault,
} from '@laperm/engine'
import { either as E, type taskEither as TE } from 'fp-ts'
import { compileModel } from './compile/compile-model.ts'
import { BundledAway, ownFolder, ownProgram, ownVersion } from './host/own-file.ts'
import { probeInProcess } from './host/probe-process.ts'
import { makeWorkerSession, type WorkerHost } from './host/worker-session.ts'
import { loadOnnxRuntime } from './runtime/load-onnxruntime.ts'
import { missingRuntimeRemedy } from './runtime/missing-runtime.ts'
import type { ConvolutionProbe } from './runtime/probe-convolutions.ts'
import { loadSyncKernel } from './runtime/sync-kernel.ts'

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
  /** Path of the folder in which this package is installed, for a program that is a bundle: there it does not find its worker by itself. */
  readonly packageFolder?: string
}

const unavailable = (reason: string, remedy: string) => engineUnavailable(name, reason, remedy)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const reasonOf = (error: unknown): string =>
  error instanceof SessionFault && error.sessionError._tag !== 'Diverged'
    ? error.sessionError.reason
    : messageOf(error)

const requireThreads = (threads: number): number => {
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new RangeError(`threads: must be a positive integer, got ${threads}`)
  return threads
}

const compile =
  (host: WorkerHost, block: number | undefined): Engine['compile'] =>
  (inferred, options) =>
  async () => {
    checkCompileOptions(options)
    const trainable = checkTrainable(name, inferred)
    if (E.isLeft(trainable)) return trainable
    const program = compileModel(inferred, options.innerOptimizer, block, options.batchSize)
    try {
      return E.right(
        await makeWorkerSession(name, inferred, program, options, {
          ...host,
          threads: options.threads ?? host.threads,
        }),
      )
    } catch (error) {
      return E.left(
        unavailable(
          `no worker could be started for ${inferred.model.name}: ${reasonOf(error)}`,
          'See how much memory is free, and whether the engine trains in a program of its own.',
        ),
      )
    }
  }

/**
 * Make the engine.
 *
 * @returns `Left(EngineUnavailable)` when ONNX Runtime is not installed or has no build for this machine, when NCHWc convolutions
 * are demanded and unsound here, inside a worker thread, and in a bundle that was not told {@link OnnxEngineOptions.packageFolder}.
 * @throws RangeError when `threads` is not a positive integer.
 */
export const makeOnnxEngine = (options: OnnxEngineOptions = {}): TE.TaskEither<EngineError, Engine> => {
  const threads = requireThreads(options.threads ?? availableParallelism())
  const { convolutions = 'auto', packageFolder } = options
  return async () => {
    // Whoever terminates this thread would terminate a worker of it in the middle of a step, and abort the process: see `worker-link.ts`.
    if (!isMainThread)
      return E.left(
        unavailable(
          'it was made inside a worker thread, and ending that thread during a step would end the whole process',
          'Make it on the main thread, which a step does not block, or in a process of its own (child_process.fork).',
        ),
      )
    try {
      const folder = ownFolder(packageFolder)
      const host = { script: ownProgram('worker.js', folder), threads }
      const probing: Promise<ConvolutionProbe> =
        convolutions === 'standard'
          ? Promise.resolve({ kind: 'standard', reason: 'as asked for' })
          : probeInProcess(ownProgram('probe.js', folder))
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
          (await loadSyncKernel()).describe,
        ].join(', '),
        bits: {
          '@laperm/engine-onnx': ownVersion(folder),
          'onnxruntime-node': ort.env.versions.node ?? 'unknown',
          threads: String(threads),
          ...(convolutions === 'auto' ? {} : { convolutions }),
        },
        compile: compile(host, probe.kind === 'nchwc' ? probe.block : undefined),
      })
    } catch (error) {
      if (error instanceof BundledAway) return E.left(unavailable(error.message, error.remedy))
      return E.left(
        unavailable(
          `ONNX Runtime could not be loaded: ${messageOf(error).split('\n')[0]}`,
          missingRuntimeRemedy(),
        ),
      )
    }
  }
}
