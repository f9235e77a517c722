/**
 * The engines: the one table that flags, help, `doctor`, `list` and the number of threads read. A new engine is a package and its entry here;
 * the package is loaded only when it is wanted.
 */
import type { Engine, EngineError } from '@laperm/engine'
import { pageEngineLoaders } from '@laperm/engine-tfjs/engines'
import { nearestName } from '@laperm/models'
import { type UnknownName, unknownName } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { allowsSoftwareGpu } from './software-gpu.ts'
import type { Terminal } from './terminal.ts'

/** What a person decides about an engine; each takes what it knows of. */
interface EngineOptions {
  /** Left out, it takes what the machine has. */
  readonly threads?: number
  readonly allowSoftware: boolean
}

/** An engine that the command line can train with. */
export interface KnownEngine {
  readonly name: string
  /** What it runs on, for people. */
  readonly help: string
  /** What it does about threads instead of taking a number of them, for people; left out where it takes one. */
  readonly ownThreads?: string
  /** `Left` says why it cannot run here and what to install. */
  readonly load: (options: EngineOptions) => Promise<E.Either<EngineError, Engine>>
}

/** Every engine, the default one first. */
export const engines: readonly KnownEngine[] = [
  {
    name: 'onnx',
    help: 'ONNX Runtime on the CPU, the fastest there; comes with laperm',
    load: async (options) => (await import('@laperm/engine-onnx')).makeOnnxEngine(options)(),
  },
  {
    name: 'wasm',
    help: 'TensorFlow.js on WebAssembly, as in browsers; comes with laperm',
    ownThreads: 'runs on one thread in Node',
    load: pageEngineLoaders.wasm,
  },
  {
    name: 'webgpu',
    help: 'TensorFlow.js on a GPU; wants npm install webgpu',
    ownThreads: 'decides about threads by itself',
    load: pageEngineLoaders.webgpu,
  },
  {
    name: 'node',
    help: "TensorFlow's own runtime on the CPU; wants npm install @tensorflow/tfjs-node",
    ownThreads: 'decides about threads by itself',
    load: async () =>
      (await import('@laperm/engine-tfjs/tensorflow')).makeTensorFlowEngine({ package: 'tfjs-node' })(),
  },
  {
    name: 'cuda',
    help: "TensorFlow's own runtime with CUDA; wants npm install @tensorflow/tfjs-node-gpu",
    ownThreads: 'decides about threads by itself',
    load: async () =>
      (await import('@laperm/engine-tfjs/tensorflow')).makeTensorFlowEngine({ package: 'tfjs-node-gpu' })(),
  },
]

/** Names of all engines. */
export const engineNames = engines.map(({ name }) => name)

/** The engine that a flag or a saved experiment names. */
export const engineNamed = (name: string): E.Either<UnknownName, KnownEngine> => {
  const known = engines.find((engine) => engine.name === name)
  return known === undefined
    ? E.left(unknownName('engine', name, nearestName(name, engineNames), engineNames))
    : E.right(known)
}

/**
 * Load an engine.
 *
 * @param threads null lets it take what the machine has.
 * @returns `Left` with why it cannot run here. There is no silent fall-back to another one.
 */
export const loadEngine =
  (
    engine: KnownEngine,
    threads: number | null,
    environment: Terminal['environment'],
  ): TE.TaskEither<EngineError, Engine> =>
  () =>
    engine.load({
      ...(threads === null ? {} : { threads }),
      allowSoftware: allowsSoftwareGpu(environment),
    })
