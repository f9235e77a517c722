/** The engine on the backend that was chosen. tfjs and the backend come over the network here and not before. */
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import { either as E } from 'fp-ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { wasmPaths } from './wasm-paths.ts'

const loadWasm = async (): Promise<E.Either<EngineError, Engine>> => {
  const { makeWasmEngine } = await import('@laperm/engine-tfjs/wasm')
  return makeWasmEngine({ wasmPaths })()
}

/** @returns `Left` with why this browser cannot run it. Never another backend than the one asked for. */
export const loadEngine = async ({
  backend,
  software,
}: Pick<RunSettings, 'backend' | 'software'>): Promise<E.Either<EngineError, Engine>> => {
  try {
    switch (backend) {
      case 'wasm':
        return await loadWasm()
      case 'webgl': {
        const { makeWebGlEngine } = await import('@laperm/engine-tfjs/webgl')
        return await makeWebGlEngine({ allowSoftware: software })()
      }
      case 'webgpu': {
        const { makeWebGpuEngine } = await import('@laperm/engine-tfjs/webgpu')
        return await makeWebGpuEngine({ allowSoftware: software })()
      }
      default:
        return backend satisfies never
    }
  } catch (error) {
    return E.left(
      engineUnavailable(
        backend,
        `its code could not be loaded (${error instanceof Error ? error.message : String(error)})`,
        'If you are offline, go online once and choose it again; WASM works offline.',
      ),
    )
  }
}
