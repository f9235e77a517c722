/** The backends by name, each loaded only when it is wanted. */
import { type Backend, type BackendUnavailable, backendUnavailable, coreBackend } from '@laperm/core'
import { either as E, function as F, type taskEither as TE } from 'fp-ts'
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

/**
 * Load a backend and hand it on; whoever gets it closes it.
 *
 * @param use takes any backend, wherever that keeps its banks.
 * @returns what `use` returned, or why the backend cannot run here.
 */
export const loadBackend =
  <A>(
    name: BackendName,
    environment: Terminal['environment'],
    use: <Bank>(backend: Backend<Bank>) => A,
  ): TE.TaskEither<BackendUnavailable, A> =>
  async () => {
    const allowSoftware = allowsSoftwareGpu(environment)
    switch (name) {
      case 'core':
        return E.right(use(coreBackend))
      case 'wasm': {
        const { makeWasmBackend } = await import('@laperm/backend-wasm')
        return F.pipe(await makeWasmBackend()(), E.map(use))
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
        return E.isLeft(made)
          ? E.left({ ...made.left, remedy: remedyOnCommandLine(made.left.remedy) })
          : E.right(use(made.right))
      }
      case 'node':
      case 'cuda': {
        const { makeCudaBackend, makeNodeBackend } = await import('@laperm/backend-node')
        return F.pipe(await (name === 'cuda' ? makeCudaBackend() : makeNodeBackend())(), E.map(use))
      }
      default:
        return name satisfies never
    }
  }
