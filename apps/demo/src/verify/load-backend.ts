/** The backends of a browser, each loaded only when it is wanted. */
import { type Backend, type BackendUnavailable, coreBackend } from '@laperm/core'
import { either as E } from 'fp-ts'
import type { BackendName } from './messages.ts'

/** A backend that runs here. */
export interface LoadedBackend {
  // biome-ignore lint/suspicious/noExplicitAny: every backend keeps its banks where it wants them; nobody here looks into one
  readonly backend: Backend<any>
  readonly device: string
  /** On a GPU operations do not wait for the device, so they cannot refuse NaN. */
  readonly refusesNaN: boolean
  readonly flushesSubnormals: boolean
  readonly close: () => void
}

const onCpu = (backend: LoadedBackend['backend'], device: string): LoadedBackend => ({
  backend,
  device,
  refusesNaN: true,
  flushesSubnormals: false,
  close: () => undefined,
})

/** @returns `Left` with why this browser does not have it. */
export const loadBackend = async (
  name: BackendName,
  allowSoftware: boolean,
): Promise<E.Either<BackendUnavailable, LoadedBackend>> => {
  switch (name) {
    case 'core':
      return E.right(onCpu(coreBackend, 'JavaScript: the reference itself'))
    case 'wasm': {
      const { makeWasmBackend } = await import('@laperm/backend-wasm')
      const made = await makeWasmBackend()()
      return E.isLeft(made) ? made : E.right(onCpu(made.right, 'WebAssembly SIMD'))
    }
    case 'webgl': {
      const { makeWebGlBackend } = await import('@laperm/backend-webgl')
      const made = await makeWebGlBackend({ allowSoftware })()
      if (E.isLeft(made)) return made
      const { device, keepsSubnormals } = made.right
      return E.right({ ...onCpu(made.right, device), refusesNaN: false, flushesSubnormals: !keepsSubnormals })
    }
    case 'webgpu': {
      const { makeWebGpuBackend } = await import('@laperm/backend-webgpu')
      const made = await makeWebGpuBackend({ allowSoftware })()
      if (E.isLeft(made)) return made
      const { description, close } = made.right
      return E.right({ ...onCpu(made.right, description || 'WebGPU'), refusesNaN: false, close })
    }
    default:
      return name satisfies never
  }
}
