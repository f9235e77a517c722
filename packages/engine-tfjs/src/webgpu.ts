/** The engine on WebGPU: the browser's, or Dawn's in Node through the npm package `webgpu`. */
import { findDevice, provesSubgroups, type WebGpuOptions } from '@laperm/backend-webgpu'
import { makeTensorOperations } from '@laperm/backend-webgpu/tfjs'
import type { Engine, EngineError } from '@laperm/engine'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E, type taskEither as TE } from 'fp-ts'
import { makeTensorOptimizer } from './inner-update.ts'
import { engineUnavailable, makeTfjsEngine } from './make-tfjs-engine.ts'
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

/**
 * Make the engine `webgpu`. It has a device of its own, registered with tfjs under `webgpu` in place of the one that was there.
 *
 * Variables are trained, ranked and permuted on the device; a step reads back its loss and its hits.
 *
 * @returns `Left(EngineUnavailable)` without WebGPU, without an adapter, or with a software adapter that was not allowed.
 */
export const makeWebGpuEngine =
  (options: WebGpuEngineOptions = {}): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const found = await findDevice(options)()
    if (E.isLeft(found)) return E.left(engineUnavailable(name, found.left.reason, found.left.remedy))
    const { device, description } = found.right
    await provideGlobals()
    if (tf.findBackendFactory(name) !== null) tf.removeBackend(name)
    tf.registerBackend(name, () => makeBackend(device), 0)
    registerWebGpuTrainingKernels()
    await tf.setBackend(name)
    const subgroups = options.subgroups !== false && (await provesSubgroups(device))
    const backend = tf.backend() as WebGPUBackend
    const operations = makeTensorOperations(backend, { subgroups })
    if (E.isLeft(operations))
      return E.left(engineUnavailable(name, operations.left.reason, operations.left.remedy))
    return makeTfjsEngine({
      name,
      describe: `TensorFlow.js ${tf.version_core}, WebGPU on ${description}`,
      synchronizer: operations.right,
      makeOptimizer: (spec) =>
        spec.kind === 'adam' ? makeWebGpuAdam(backend, spec) : makeTensorOptimizer(spec),
      lost: lossOf(device),
    })()
  }
