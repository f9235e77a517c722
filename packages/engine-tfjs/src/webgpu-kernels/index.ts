/**
 * A kernel that makes training convolutional networks on tfjs's WebGPU backend fast, for anybody who uses tfjs: no model of ours is
 * needed.
 *
 * tfjs-backend-webgpu 4.22 computes the gradient of a convolution with respect to its kernel with one thread a weight, each of which loops
 * over every place of every example: most of a GPU idles while a training step waits for it.
 */
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  type Conv2DBackpropFilterAttrs,
  getKernel,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { conv2dBackpropFilter, coversConv2dBackpropFilter } from './conv2d-backprop-filter.ts'

const backendName = 'webgpu'
const kernelName = 'Conv2DBackpropFilter'

/** tfjs's own, which takes what the one here does not. */
const tfjsKernel = getKernel(kernelName, backendName)

const kernel: KernelConfig = {
  kernelName,
  backendName,
  kernelFunc: (call) => {
    const [x, dy] = [call.inputs['x'] as TensorInfo, call.inputs['dy'] as TensorInfo]
    const attrs = call.attrs as unknown as Conv2DBackpropFilterAttrs
    return coversConv2dBackpropFilter(x, dy, attrs)
      ? conv2dBackpropFilter(call.backend as WebGPUBackend, x, dy, attrs)
      : tfjsKernel.kernelFunc(call)
  },
}

/**
 * Register `Conv2DBackpropFilter` for tfjs's backend `webgpu` in place of tfjs's own, for every stride, padding and size of
 * kernel, with tf.layers too. With `dataFormat` NCHW, or another dtype than float32, tfjs's own is called.
 *
 * Before or after the backend is made; calling it again changes nothing.
 *
 * @example
 * ```ts
 * registerWebGpuTrainingKernels()
 * await tf.setBackend('webgpu')
 * ```
 */
export const registerWebGpuTrainingKernels = (): void => {
  const present = getKernel(kernelName, backendName)
  if (present?.kernelFunc === kernel.kernelFunc) return
  if (present !== undefined && present !== null) unregisterKernel(kernelName, backendName)
  registerKernel(kernel)
}
