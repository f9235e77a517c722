/** A tfjs backend on this machine's GPU, or on its software stand-in, with every way to synchronize on it. */
import { makeWebGlBackend } from '@laperm/backend-webgl'
import { provesSubgroups } from '@laperm/backend-webgpu'
import { makeTensorOperations } from '@laperm/backend-webgpu/tfjs'
import { renderError } from '@laperm/core'
import { renderEngineError } from '@laperm/engine'
import { makeHostTensorOperations } from '@laperm/engine-tfjs'
import { makeWebGlEngine } from '@laperm/engine-tfjs/webgl'
import { makeWebGpuEngine } from '@laperm/engine-tfjs/webgpu'
import type { ZooName } from '@laperm/models'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { type DeviceWays, makeDeviceWays } from './device-ways.ts'
import { hostCopy, onDevice, type TensorSync, topkWays } from './topk-sync.ts'

/** What takes part and where. */
export interface StartedDevice extends DeviceWays {
  /** What the driver calls the device. */
  readonly device: string
}

/** Our kernels on WebGPU, with and without subgroups where the device has them. */
const webGpuWays = async (): Promise<Readonly<Record<string, TensorSync>>> => {
  const backend = tf.backend()
  const operations = (subgroups: boolean): TensorSync => {
    const made = makeTensorOperations(backend, { subgroups })
    if (E.isLeft(made)) throw new Error(made.left.reason)
    return made.right.sync
  }
  const plain = { 'backend-webgpu': operations(false) }
  if (!(backend instanceof WebGPUBackend) || !(await provesSubgroups(backend.device))) return plain
  return { ...plain, 'backend-webgpu with subgroups': operations(true) }
}

/** Our kernels on WebGL. */
const webGlWays = async (allowSoftware: boolean): Promise<Readonly<Record<string, TensorSync>>> => {
  const made = await makeWebGlBackend({ allowSoftware })()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  return { 'backend-webgl': made.right.tensors.sync }
}

/** For comparison: what the engine does on backends that have no kernels of ours. */
const hostWay = async (): Promise<Readonly<Record<string, TensorSync>>> => {
  const made = await makeHostTensorOperations()()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  const { sync } = made.right
  return {
    'read back, synchronized by backend-wasm, uploaded': async (sorted, w) => {
      // Made from an array, theta_sorted stays on the host until a kernel of the device wants it.
      const ascending = tf.tensor2d(await hostCopy(sorted), sorted.shape)
      const current = onDevice(w)
      const result = (await sync(ascending, current)) as tf.Tensor2D
      const uploaded = onDevice(result)
      tf.dispose([ascending, current, result])
      return uploaded
    },
  }
}

/**
 * Start a backend.
 *
 * @param allowSoftware whether a renderer that runs on the CPU will do; its name says so.
 */
export const startDevice = async (
  api: 'webgl' | 'webgpu',
  network: ZooName,
  allowSoftware: boolean,
): Promise<StartedDevice> => {
  const made = await (api === 'webgl' ? makeWebGlEngine : makeWebGpuEngine)({ allowSoftware })()
  if (E.isLeft(made)) throw new Error(renderEngineError(made.left))
  const own = await (api === 'webgl' ? webGlWays(allowSoftware) : webGpuWays())
  const ways = makeDeviceWays(network, { ...own, ...topkWays[api], ...(await hostWay()) })
  return { ...ways, device: made.right.describe }
}
