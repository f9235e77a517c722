/** The backends of a browser and what its engines use of them, each loaded only when it is wanted. */
import { type Backend, type BackendUnavailable, coreBackend, makeTensorBackend } from '@laperm/core'
import { either as E, function as F } from 'fp-ts'
import { wasmPaths } from '../worker/wasm-paths.ts'
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
    case 'wasm tensors': {
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      const { startWasmTensors } = await import('@laperm/engine-tfjs/wasm')
      return F.pipe(
        await startWasmTensors({ wasmPaths })(),
        E.map(({ operations }) => use(makeTensorBackend(operations, tensorMemory))),
      )
    }
    case 'webgl': {
      const { makeWebGlBackend } = await import('@laperm/backend-webgl')
      return F.pipe(await makeWebGlBackend({ allowSoftware })(), E.map(use))
    }
    case 'webgl tensors': {
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      const { makeWebGlBackend } = await import('@laperm/backend-webgl')
      const made = await makeWebGlBackend({ allowSoftware })()
      if (E.isLeft(made)) return made
      const { setBackend } = await import('@tensorflow/tfjs-core')
      await setBackend('webgl')
      return E.right(use(makeTensorBackend(made.right.tensors, tensorMemory)))
    }
    case 'webgpu': {
      const { makeWebGpuBackend } = await import('@laperm/backend-webgpu')
      return F.pipe(await makeWebGpuBackend({ allowSoftware })(), E.map(use))
    }
    case 'webgpu tensors': {
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      const { startWebGpuTensors } = await import('@laperm/engine-tfjs/webgpu')
      return F.pipe(
        await startWebGpuTensors({ allowSoftware })(),
        E.map(({ operations, close }) => use(makeTensorBackend(operations, { ...tensorMemory, close }))),
      )
    }
    default:
      return name satisfies never
  }
}
