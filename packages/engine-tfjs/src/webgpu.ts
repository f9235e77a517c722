/** The engine on WebGPU: the browser's, or Dawn's in Node through the npm package `webgpu`. */
import { findDevice, provesSubgroups, type WebGpuOptions } from '@laperm/backend-webgpu'
import { makeTensorOperations, type WebGpuTensorOperations } from '@laperm/backend-webgpu/tfjs'
import type { BackendUnavailable } from '@laperm/core'
import { type Engine, type EngineError, engineUnavailable } from '@laperm/engine'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, function as F, type taskEither as TE } from 'fp-ts'
import { makeTensorOptimizer } from './inner-update.ts'
import { makeTfjsEngine } from './make-tfjs-engine.ts'
import { makeWebGpuAdam } from './webgpu-adam.ts'
import { registerWebGpuTrainingKernels } from './webgpu-kernels/index.ts'

/** What is taken and what is refused. */
export type WebGpuEngineOptions = Pick<WebGpuOptions, 'powerPreference' | 'allowSoftware' | 'subgroups'>

/** Name of the engine, and of its backend in tfjs. */
const name = 'webgpu'

/** What tfjs's backend reads from the global scope of a browser; in Node the package `webgpu` has the same. */
const provideGlobals = async (): Promise<void> => {
  if ('GPUBufferUsage' in globalThis) return
  const packageName = 'webgpu'
  const { globals } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ packageName)) as {
    globals: Record<string, unknown>
  }
  Object.assign(globalThis, globals)
}

/**
 * tfjs's backend on a device. Its constructor asks for `navigator.gpu`, which Node has not: for that moment there is one.
 */
const makeBackend = (device: GPUDevice): WebGPUBackend => {
  const make = (): WebGPUBackend => new WebGPUBackend(device, device.adapterInfo)
  const { navigator } = globalThis as { navigator?: { gpu?: unknown } }
  if (navigator?.gpu !== undefined) return make()
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true })
  try {
    return make()
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator')
    else Object.defineProperty(globalThis, 'navigator', before)
  }
}

const lossOf = (device: GPUDevice): Promise<string> =>
  device.lost.then(({ reason, message }) =>
    reason === 'destroyed' ? 'it was destroyed' : message || 'the driver gave no reason',
  )

/** What trains on a device: tfjs's backend there, and the operations on its tensors. */
export interface WebGpuTensors {
  readonly backend: WebGPUBackend
  readonly operations: WebGpuTensorOperations
  /** Unregister tfjs's backend and destroy the device. */
  readonly close: () => void
}

/**
 * Start tfjs's WebGPU backend on a device of its own, registered under `webgpu` in place of the one that was there, and active.
 *
 * @returns `Left(BackendUnavailable)` without WebGPU, without an adapter, or with a software adapter that was not allowed.
 */
export const startWebGpuTensors =
  (options: WebGpuEngineOptions = {}): TE.TaskEither<BackendUnavailable, WebGpuTensors> =>
  async () => {
    const found = await findDevice(options)()
    if (E.isLeft(found)) return found
    const { device } = found.right
    await provideGlobals()
    if (tf.findBackendFactory(name) !== null) tf.removeBackend(name)
    tf.registerBackend(name, () => makeBackend(device), 0)
    await tf.setBackend(name)
    const subgroups = options.subgroups !== false && (await provesSubgroups(device))
    const backend = tf.backend() as WebGPUBackend
    const close = (): void => {
      tf.removeBackend(name)
      device.destroy()
    }
    return F.pipe(
      makeTensorOperations(backend, { subgroups }),
      E.map((operations) => ({ backend, operations, close })),
    )
  }

/**
 * Make the engine `webgpu`. It has a device of its own, see {@link startWebGpuTensors}.
 *
 * Variables are trained, ranked and permuted on the device; a step reads back its loss and its hits.
 *
 * @returns `Left(EngineUnavailable)` without WebGPU, without an adapter, or with a software adapter that was not allowed.
 */
export const makeWebGpuEngine =
  (options: WebGpuEngineOptions = {}): TE.TaskEither<EngineError, Engine> =>
  async () => {
    registerWebGpuTrainingKernels()
    const started = await startWebGpuTensors(options)()
    if (E.isLeft(started)) return E.left(engineUnavailable(name, started.left.reason, started.left.remedy))
    const { backend, operations } = started.right
    const { device } = backend
    return makeTfjsEngine({
      name,
      describe: `TensorFlow.js ${tf.version_core}, WebGPU on ${operations.device}`,
      operations,
      makeOptimizer: (spec) =>
        spec.kind === 'adam' ? makeWebGpuAdam(backend, spec) : makeTensorOptimizer(spec),
      lost: lossOf(device),
    })()
  }
