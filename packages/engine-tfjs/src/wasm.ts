/** The engine on tfjs's WebAssembly backend, in browsers and in Node, with the training kernels that it lacks. */
import { type BackendUnavailable, backendUnavailable, type TensorOperations } from '@laperm/core'
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, function as F, type taskEither as TE } from 'fp-ts'
import { makeHostTensorOperations } from './host-tensors.ts'
import { makeTensorOptimizer } from './inner-update.ts'
import { makeTfjsEngine, messageOf } from './make-tfjs-engine.ts'
import { describeMissingBinary, type WasmPaths } from './missing-binary.ts'
import { withThreadedLoader } from './threaded-loader.ts'
import { makeWasmAdam } from './wasm-adam.ts'
import { heapOf } from './wasm-kernels/heap.ts'
import { registerWasmTrainingKernels } from './wasm-kernels/index.ts'

/** How the WebAssembly backend is loaded. */
export interface WasmEngineOptions {
  /**
   * Where `tfjs-backend-wasm.wasm` and its variants are: a folder's address ending in `/`, or one address a file, as tfjs's
   * `setWasmPaths` takes them. Default: in Node the installed package; in a browser beside the page. The README says how each bundler gives them.
   */
  readonly wasmPaths?: WasmPaths
  /**
   * Threads for tfjs's operations; they need a browser page that is cross-origin isolated. tfjs takes at most half of the processors, and four. Default 1.
   */
  readonly threads?: number
}

interface ModuleApi {
  readonly createRequire: (from: string) => { readonly resolve: (name: string) => string }
}

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** The installed package's folder, where this is Node. */
const installedFolder = (): string | undefined => {
  const { process } = globalThis as {
    process?: { cwd?: () => string; getBuiltinModule?: (name: string) => unknown }
  }
  const module = process?.getBuiltinModule?.('node:module') as ModuleApi | undefined
  if (module === undefined) return undefined
  const { createRequire } = module
  return createRequire(ownAddress() ?? `${process?.cwd?.()}/`)
    .resolve('@tensorflow/tfjs-backend-wasm/package.json')
    .replace(/package\.json$/, 'dist/')
}

/** What trains: the operations on tensors of tfjs's backend, and what that is. */
export interface WasmTensors {
  readonly operations: TensorOperations<tf.Tensor>
  /** tfjs's version and the number of threads, for people. */
  readonly describe: string
  /** What the last bits depend on: the backend's version, and the number of threads. */
  readonly bits: Readonly<Record<string, string>>
}

/**
 * Start tfjs's WebAssembly backend, and make it active.
 *
 * @returns `Left(BackendUnavailable)` when tfjs's backend is not installed or its `.wasm` file cannot be loaded.
 * @throws RangeError when `threads` is not a positive integer.
 */
export const startWasmTensors =
  ({ threads = 1, wasmPaths }: WasmEngineOptions = {}): TE.TaskEither<BackendUnavailable, WasmTensors> =>
  async () => {
    if (!Number.isSafeInteger(threads) || threads < 1)
      throw new RangeError(`threads: must be a positive integer, got ${threads}`)
    try {
      const { getThreadsCount, setThreadsCount, setWasmPaths, version_wasm } = await import(
        '@tensorflow/tfjs-backend-wasm'
      )
      const paths = wasmPaths ?? installedFolder()
      if (paths !== undefined) setWasmPaths(paths)
      // On a cross-origin isolated page tfjs takes its threaded build whatever the count says, and that one's workers do not start in every bundle.
      if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
      setThreadsCount(threads)
      const start = (): Promise<boolean> => tf.setBackend('wasm')
      const hasStarted = await (threads === 1 ? start() : withThreadedLoader(start))
      if (!hasStarted) throw new Error(await describeMissingBinary(paths))
      const running = getThreadsCount()
      const describe = `TensorFlow.js ${version_wasm}, WebAssembly, ${running} thread${running === 1 ? '' : 's'}`
      const bits = { '@tensorflow/tfjs-backend-wasm': version_wasm, threads: String(running) }
      return F.pipe(
        await makeHostTensorOperations()(),
        E.map((operations) => ({ operations, describe, bits })),
      )
    } catch (error) {
      return E.left(
        backendUnavailable(
          'wasm',
          `tfjs's WebAssembly backend could not be loaded: ${messageOf(error)}`,
          'Run `npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm`, have its three .wasm files served, and tell wasmPaths where they are.',
        ),
      )
    }
  }

/**
 * Make the engine `wasm`.
 *
 * @returns `Left(EngineUnavailable)` when tfjs's backend is not installed or its `.wasm` file cannot be loaded.
 */
export const makeWasmEngine =
  (options: WasmEngineOptions = {}): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const started = await startWasmTensors(options)()
    if (E.isLeft(started)) return E.left(engineUnavailable('wasm', started.left.reason, started.left.remedy))
    registerWasmTrainingKernels()
    const heap = heapOf(tf.backend())
    return makeTfjsEngine({
      name: 'wasm',
      ...started.right,
      makeOptimizer: (spec) => (spec.kind === 'adam' ? makeWasmAdam(heap, spec) : makeTensorOptimizer(spec)),
    })()
  }
