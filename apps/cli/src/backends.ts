/** The backends by name and the interfaces that each is used by, each loaded only when it is wanted. */
import {
  type Backend,
  type BackendUnavailable,
  backendUnavailable,
  coreBackend,
  makeTensorBackend,
} from '@laperm/core'
import { either as E, function as F } from 'fp-ts'
import { allowsSoftwareGpu } from './software-gpu.ts'
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

/** Takes any backend, wherever that keeps its banks, and closes it. */
type UseBackend<A> = <Bank>(backend: Backend<Bank>) => A

/** One way in which a backend is used, as a `Backend` that can be proven. */
export interface BackendInterface {
  readonly name: string
  readonly backend: BackendName
  /** @returns what `use` returned, or why the backend cannot run here. */
  readonly load: <A>(
    environment: Terminal['environment'],
    use: UseBackend<A>,
  ) => Promise<E.Either<BackendUnavailable, A>>
}

const makeGpuOptions = (environment: Terminal['environment']) => ({
  allowSoftware: allowsSoftwareGpu(environment),
})

const noCanvas = backendUnavailable(
  'webgl',
  'it needs a canvas, this is Node',
  'Verify it on a page, or use webgpu here.',
)

const makeTensorFlow = async (name: 'node' | 'cuda') => {
  const { makeCudaBackend, makeNodeBackend } = await import('@laperm/backend-node')
  return await (name === 'cuda' ? makeCudaBackend() : makeNodeBackend())()
}

/** TensorFlow's banks, and the tensors of the engine of that name. */
const tensorFlowInterfaces = (name: 'node' | 'cuda'): readonly BackendInterface[] => [
  { name, backend: name, load: async (_, use) => F.pipe(await makeTensorFlow(name), E.map(use)) },
  {
    name: `${name} tensors`,
    backend: name,
    load: async (_, use) => {
      const made = await makeTensorFlow(name)
      if (E.isLeft(made)) return made
      const { setBackend } = await import('@tensorflow/tfjs-core')
      const { tfjsBackendName } = await import('@laperm/backend-node')
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      await setBackend(tfjsBackendName)
      return E.right(use(makeTensorBackend(made.right.tensors, tensorMemory)))
    },
  },
]

/** Everything that can be verified, in the order in which it is; a backend's own interface comes before those of the engines. */
export const backendInterfaces: readonly BackendInterface[] = [
  { name: 'core', backend: 'core', load: async (_, use) => E.right(use(coreBackend)) },
  {
    name: 'wasm',
    backend: 'wasm',
    load: async (_, use) => {
      const { makeWasmBackend } = await import('@laperm/backend-wasm')
      return F.pipe(await makeWasmBackend()(), E.map(use))
    },
  },
  {
    name: 'wasm resident',
    backend: 'wasm',
    load: async (_, use) => {
      const { makeResidentBackend, makeWasmBackend } = await import('@laperm/backend-wasm')
      return F.pipe(
        await makeWasmBackend()(),
        E.map((wasm) => use(makeResidentBackend(wasm))),
      )
    },
  },
  {
    name: 'wasm tensors',
    backend: 'wasm',
    load: async (_, use) => {
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      const { startWasmTensors } = await import('@laperm/engine-tfjs/wasm')
      return F.pipe(
        await startWasmTensors()(),
        E.map(({ operations }) => use(makeTensorBackend(operations, tensorMemory))),
      )
    },
  },
  { name: 'webgl', backend: 'webgl', load: async () => E.left(noCanvas) },
  {
    name: 'webgpu',
    backend: 'webgpu',
    load: async (environment, use) => {
      const { makeWebGpuBackend } = await import('@laperm/backend-webgpu')
      return F.pipe(await makeWebGpuBackend(makeGpuOptions(environment))(), E.map(use))
    },
  },
  {
    name: 'webgpu tensors',
    backend: 'webgpu',
    load: async (environment, use) => {
      const { tensorMemory } = await import('@laperm/engine-tfjs')
      const { startWebGpuTensors } = await import('@laperm/engine-tfjs/webgpu')
      return F.pipe(
        await startWebGpuTensors(makeGpuOptions(environment))(),
        E.map(({ operations, close }) => use(makeTensorBackend(operations, { ...tensorMemory, close }))),
      )
    },
  },
  ...tensorFlowInterfaces('node'),
  ...tensorFlowInterfaces('cuda'),
]
