/**
 * What an engine is: an interpreter of models. It compiles a model into a session that trains and evaluates it.
 *
 * The interface keeps data where the engine wants it: parameters and optimizer state cross over only when they are read or written.
 */
import type { InferredModel } from '@laperm/models'
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
  /**
   * What the last bits of its results depend on beside the network, the data and the options: names of packages with their versions, and
   * `threads` where a sum is split among them. Not what a machine happens to have, such as a CPU's instructions.
   */
  readonly bits: Readonly<Record<string, string>>
  /**
   * Make a session; nothing is trained yet.
   *
   * @param inferred of `inferShapes`: names, shapes and parameters are taken from it as they are.
   * @returns `Left` when the engine cannot run this model.
   * @throws RangeError (a rejection) for an option outside its rule.
   */
  readonly compile: (
    inferred: InferredModel,
    options: CompileOptions,
  ) => TE.TaskEither<EngineError, TrainSession>
}
