/** The engine that was chosen. tfjs and the engine's code come over the network here and not before. */
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import { pageEngineLoaders } from '@laperm/engine-tfjs/engines'
import { either as E } from 'fp-ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { threadsFor } from './threads-here.ts'
import { wasmPaths } from './wasm-paths.ts'

/** @returns `Left` with why this browser cannot run it. Never another engine than the one asked for. */
export const loadEngine = async ({
  backend,
  software,
  model,
}: Pick<RunSettings, 'backend' | 'software' | 'model'>): Promise<E.Either<EngineError, Engine>> => {
  try {
    return await pageEngineLoaders[backend]({
      wasmPaths,
      threads: threadsFor(model),
      allowSoftware: software,
    })
  } catch (error) {
    return E.left(
      engineUnavailable(
        backend,
        `its code could not be loaded (${error instanceof Error ? error.message : String(error)})`,
        'If you are offline, go online once and choose it again; WebAssembly works offline.',
      ),
    )
  }
}
