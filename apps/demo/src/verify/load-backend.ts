/** The backends of a browser, each loaded only when it is wanted. */
import { type Backend, type BackendUnavailable, coreBackend } from '@laperm/core'
import { either as E, function as F } from 'fp-ts'
import type { BackendName } from './messages.ts'

/**
 * Load a backend and hand it on; whoever gets it closes it.
 *
 * @param use takes any backend, wherever that keeps its banks.
 * @returns what `use` returned, or why this browser does not have the backend.
 */
export const loadBackend = async <A>(
  name: BackendName,
  allowSoftware: boolean,
  use: <Bank>(backend: Backend<Bank>) => A,
): Promise<E.Either<BackendUnavailable, A>> => {
  switch (name) {
    case 'core':
      return E.right(use(coreBackend))
    case 'wasm': {
      const { makeWasmBackend } = await import('@laperm/backend-wasm')
      return F.pipe(await makeWasmBackend()(), E.map(use))
    }
    case 'webgl': {
      const { makeWebGlBackend } = await import('@laperm/backend-webgl')
      return F.pipe(await makeWebGlBackend({ allowSoftware })(), E.map(use))
    }
    case 'webgpu': {
      const { makeWebGpuBackend } = await import('@laperm/backend-webgpu')
      return F.pipe(await makeWebGpuBackend({ allowSoftware })(), E.map(use))
    }
    default:
      return name satisfies never
  }
}
