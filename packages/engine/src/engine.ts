/**
 * What an engine is: an interpreter of models. It compiles a model into a session that trains and evaluates it.
 *
 * The interface keeps data where the engine wants it: parameters and optimizer state cross over only when they are read or written.
 */
import type { Model } from '@laperm/models'
import type { taskEither as TE } from 'fp-ts'
import type { CompileOptions } from './compile-options.ts'
import type { EngineError } from './engine-error.ts'
import type { TrainSession } from './train-session.ts'

/** An interpreter of models on one kind of runtime. */
export interface Engine {
  /** `onnx`, `wasm`, `webgpu`, ... */
  readonly name: string
  /** What it runs on, for people: versions, threads, device. */
  readonly describe: string
  /** Make a session; nothing is trained yet. `Left` when the engine cannot run this model. */
  readonly compile: (model: Model, options: CompileOptions) => TE.TaskEither<EngineError, TrainSession>
}
