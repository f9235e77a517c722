/** A tfjs backend on this machine's GPU, or on its software stand-in, with every way to synchronize on it. */
import { syncTensor } from '@laperm/backend-webgl'
import { provesSubgroups } from '@laperm/backend-webgpu'
import { makeTensorOperations } from '@laperm/backend-webgpu/tfjs'
import { makeWebGlEngine } from '@laperm/engine-tfjs/webgl'
import { makeWebGpuEngine } from '@laperm/engine-tfjs/webgpu'
import { renderEngineError, type ZooName } from '@laperm/models'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { type DeviceWays, makeDeviceWays } from './device-ways.ts'
import { type TensorSync, topkWays } from './topk-sync.ts'

/** What takes part and where. */
export interface StartedDevice extends DeviceWays {
  /** What the driver calls the device. */
  readonly device: string
}

const ours = (operations: { readonly sync: TensorSync }): TensorSync => operations.sync

/** Our kernels on WebGPU, with and without subgroups where the device has them. */
const webGpuWays = async (): Promise<Readonly<Record<string, TensorSync>>> => {
  const backend = tf.backend()
  const operations = (subgroups: boolean): TensorSync => {
    const made = makeTensorOperations(backend, { subgroups })
    if (E.isLeft(made)) throw new Error(made.left.reason)
    return ours(made.right)
  }
  const plain = { 'backend-webgpu': operations(false) }
  if (!(backend instanceof WebGPUBackend) || !(await provesSubgroups(backend.device))) return plain
  return { ...plain, 'backend-webgpu with subgroups': operations(true) }
}

/** Start a backend; software will do, and its name says so. */
export const startDevice = async (api: 'webgl' | 'webgpu', network: ZooName): Promise<StartedDevice> => {
  const made = await (api === 'webgl' ? makeWebGlEngine : makeWebGpuEngine)({ allowSoftware: true })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const own = api === 'webgl' ? { 'backend-webgl': syncTensor } : await webGpuWays()
  const ways = makeDeviceWays(network, { ...own, ...topkWays[api] })
  return { ...ways, device: made.right.describe }
}
