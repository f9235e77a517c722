/**
 * The four operations on tensors of tfjs's WebGPU backend. They read and write tfjs's own buffers; nothing is copied or read back.
 *
 * This is a separate entry (`@laperm/backend-webgpu/tfjs`), so that the backend does not depend on tfjs.
 */
import {
  type BackendUnavailable,
  backendUnavailable,
  DeviceFaultError,
  type ImmediateTensorOperations,
  weightVectorsSize,
} from '@laperm/core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { engine, type KernelBackend, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { makeBuffers } from './buffers.ts'
import { describeAdapter } from './device.ts'
import { firstFault, type Health, watchDevice } from './health.ts'
import { makeKernels, releaseFailedScratch } from './kernels.ts'
import { subgroupExchange } from './wgsl/lane-exchange.ts'

/** Operations on tensors of tfjs's WebGPU backend. Results are tracked by `tf.tidy` and `tf.memory()`. */
export interface WebGpuTensorOperations extends ImmediateTensorOperations<Tensor> {
  readonly settled: () => Promise<void>
  /** Free the scratch buffers. */
  readonly dispose: () => void
}

const checked = (what: string, x: Tensor, like: Tensor): void => {
  if (x.dtype !== 'float32') throw new TypeError(`${what}: expected dtype float32, got ${x.dtype}`)
  if (x.shape.length !== like.shape.length || x.shape.some((axis, i) => axis !== like.shape[i]))
    throw new RangeError(`${what}: expected shape [${like.shape}], got [${x.shape}]`)
}

/** How the operations are computed. */
export interface WebGpuTensorOptions {
  /**
   * Sort with the subgroup operations of tfjs's device: pass what `provesSubgroups(device)` gave, which is false on a device that was made
   * without the feature, as tfjs's own is. Default false; results are the same bits either way.
   */
  readonly subgroups?: boolean
}

const makeFor = (gpu: WebGPUBackend, { subgroups = false }: WebGpuTensorOptions): WebGpuTensorOperations => {
  const buffers = makeBuffers(gpu.device)
  const kernels = makeKernels(gpu.device, buffers, subgroups ? { exchange: subgroupExchange } : {})
  const watch = watchDevice(gpu.device)
  let health: Health = Promise.resolve(null)

  const bufferOf = (tensor: TensorInfo): GPUBuffer => {
    gpu.uploadToGPU(tensor.dataId)
    const { resource } = gpu.tensorMap.get(tensor.dataId)
    if (resource === undefined || !('mapState' in resource))
      throw new TypeError('a tensor that is not kept in a buffer cannot be permuted')
    return resource
  }

  /** Submit what tfjs has recorded, then commands that write a result's buffer. */
  const write = (
    made: TensorInfo,
    inputs: readonly Tensor[],
    commands: (result: GPUBuffer) => void,
  ): void => {
    for (const tensor of inputs) bufferOf(tensor)
    const result = bufferOf(made)
    gpu.ensureCommandEncoderReady()
    gpu.endComputePassEncoder()
    gpu.submitQueue()
    const [, taken] = watch.watched(() => commands(result))
    releaseFailedScratch(kernels, taken)
    health = firstFault(health, taken)
  }

  /** A result tensor, written by commands that come after everything tfjs has recorded so far. */
  const compute = <T extends Tensor>(
    like: T,
    inputs: readonly T[],
    commands: (result: GPUBuffer) => void,
  ): T => {
    const made = gpu.makeTensorInfo(
      [...like.shape],
      'float32',
      like.size === 0 ? new Float32Array(0) : undefined,
    )
    try {
      if (like.size > 0) write(made, inputs, commands)
    } catch (error) {
      gpu.disposeData(made.dataId)
      throw error
    }
    return engine().makeTensorFromTensorInfo(made, gpu) as T
  }

  const name = describeAdapter(gpu.device.adapterInfo)
  return {
    name: 'webgpu',
    device: subgroups ? `${name}, with subgroups` : name,
    // That would need a read-back: NaN ranks last, in index order.
    refusesNaN: false,
    keepsSubnormals: true,
    sort: (w) => {
      checked('w', w, w)
      const size = weightVectorsSize(w.shape)
      return compute(w, [w], (result) => kernels.order('sort', bufferOf(w), result, size))
    },
    rank: (w) => {
      checked('w', w, w)
      const size = weightVectorsSize(w.shape)
      return compute(w, [w], (result) => kernels.order('rank', bufferOf(w), result, size))
    },
    permute: (sorted, ranks) => {
      checked('sorted', sorted, sorted)
      checked('ranks', ranks, sorted)
      const size = weightVectorsSize(sorted.shape)
      return compute(sorted, [sorted, ranks], (result) =>
        kernels.permute(bufferOf(sorted), bufferOf(ranks), result, size),
      )
    },
    sync: (sorted, w) => {
      checked('sorted', sorted, w)
      checked('w', w, w)
      const size = weightVectorsSize(w.shape)
      return compute(w, [sorted, w], (result) =>
        kernels.order('sync', bufferOf(w), result, size, bufferOf(sorted)),
      )
    },
    settled: async () => {
      watch.assertAlive()
      const soFar = health
      health = Promise.resolve(null)
      const fault = await watch.orLost(soFar)
      if (fault !== null) throw new DeviceFaultError(fault)
    },
    dispose: kernels.releaseScratch,
  }
}

/**
 * Operations on the tensors of a tfjs backend.
 *
 * @param backend tfjs's active backend, `tf.backend()`, after `await tf.setBackend('webgpu')`.
 * @returns `Left(BackendUnavailable)` where that is no WebGPU backend.
 * @example
 * const operations = makeTensorOperations(tf.backend())
 */
export const makeTensorOperations = (
  backend: KernelBackend,
  options: WebGpuTensorOptions = {},
): E.Either<BackendUnavailable, WebGpuTensorOperations> =>
  backend instanceof WebGPUBackend
    ? E.right(makeFor(backend, options))
    : E.left(
        backendUnavailable(
          'webgpu',
          "tfjs's active backend is another one",
          "Call await tf.setBackend('webgpu') first",
        ),
      )
