/** The backends by name, each loaded only when it is wanted. */
import { type Backend, type BackendUnavailable, backendUnavailable, coreBackend } from '@laperm/core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { allowsSoftwareGpu, remedyOnCommandLine } from './software-gpu.ts'
import type { Terminal } from './terminal.ts'

/** What can be verified; `core` is the reference itself. */
export const backendNames = ['core', 'wasm', 'webgl', 'webgpu', 'node', 'cuda'] as const
export type BackendName = (typeof backendNames)[number]

/** What synchronizes, for people. */
export const backendKinds: Readonly<Record<BackendName, string>> = {
  core: 'the reference, in TypeScript; runs everywhere',
  wasm: 'synchronization as WebAssembly SIMD',
  webgl: 'synchronization on WebGL, in browsers',
  webgpu: 'synchronization on WebGPU',
  node: "synchronization on TensorFlow's own runtime",
  cuda: "synchronization on TensorFlow's runtime with CUDA",
}

/** A backend that runs here. */
export interface LoadedBackend {
  // biome-ignore lint/suspicious/noExplicitAny: every backend keeps its banks where it wants them; nobody here looks into one
  readonly backend: Backend<any>
  /** What it runs on, as far as it tells. */
  readonly device: string
  /** Whether operations find NaN by themselves; on a GPU they could not without waiting for the device. */
  readonly refusesNaN: boolean
  readonly close: () => void
}

const loaded = (
  backend: LoadedBackend['backend'],
  device: string,
  refusesNaN: boolean,
  close: () => void = () => undefined,
): LoadedBackend => ({ backend, device, refusesNaN, close })

/** Load a backend, or say why it cannot run here. */
export const loadBackend =
  (
    name: BackendName,
    environment: Terminal['environment'],
  ): TE.TaskEither<BackendUnavailable, LoadedBackend> =>
  async () => {
    const allowSoftware = allowsSoftwareGpu(environment)
    switch (name) {
      case 'core':
        return E.right(loaded(coreBackend, `JavaScript, Node ${process.versions.node}`, true))
      case 'wasm': {
        const { makeWasmBackend } = await import('@laperm/backend-wasm')
        const made = await makeWasmBackend()()
        return E.map((backend: LoadedBackend['backend']) => loaded(backend, 'WebAssembly SIMD, CPU', true))(
          made,
        )
      }
      case 'webgl':
        return E.left(
          backendUnavailable(
            'webgl',
            'it needs a canvas, this is Node',
            'Verify it on a page, or use webgpu here.',
          ),
        )
      case 'webgpu': {
        const { makeWebGpuBackend } = await import('@laperm/backend-webgpu')
        const made = await makeWebGpuBackend({ allowSoftware })()
        if (E.isLeft(made)) return E.left({ ...made.left, remedy: remedyOnCommandLine(made.left.remedy) })
        const { description, subgroups, close } = made.right
        const device = subgroups ? `${description}, with subgroups` : description
        return E.right(loaded(made.right, device, false, close))
      }
      case 'node':
      case 'cuda': {
        const { makeCudaBackend, makeNodeBackend } = await import('@laperm/backend-node')
        const made = await (name === 'cuda' ? makeCudaBackend() : makeNodeBackend())()
        const device = name === 'cuda' ? 'TensorFlow, CUDA' : 'TensorFlow, CPU'
        return E.map((backend: LoadedBackend['backend']) => loaded(backend, device, true))(made)
      }
      default:
        return name satisfies never
    }
  }
