/** The engines by name, each loaded only when it is wanted. */
import type { Engine, EngineError } from '@laperm/models'
import type { EngineName } from '@laperm/train'
import type { taskEither as TE } from 'fp-ts'

/**
 * Load an engine.
 *
 * @param threads null lets it take what the machine has.
 * @returns `Left(EngineUnavailable)` saying why and what to install. There is no silent fall-back to another one.
 */
export const loadEngine =
  (name: EngineName, threads: number | null): TE.TaskEither<EngineError, Engine> =>
  async () => {
    switch (name) {
      case 'onnx': {
        const { makeOnnxEngine } = await import('@laperm/engine-onnx')
        return makeOnnxEngine(threads === null ? {} : { threads })()
      }
      default:
        return name satisfies never
    }
  }
