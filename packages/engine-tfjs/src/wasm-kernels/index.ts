/**
 * Kernels that tfjs-backend-wasm lacks for training convolutional networks, for anybody who uses tfjs: no model of ours is needed.
 *
 * tfjs-backend-wasm 4.22 has no gradient of a convolution with respect to its kernel, none of depthwise convolutions, and a plain loop
 * with respect to the input of one. @see https://github.com/tensorflow/tfjs/issues/8474
 */

import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  MaxPoolGradAttrs,
} from '@tensorflow/tfjs-core'
import {
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  type Tensor4D,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { conv2dBackpropFilter, conv2dBackpropInput } from './conv2d.ts'
import { depthwiseConv2dBackpropFilter, depthwiseConv2dBackpropInput } from './depthwise-conv2d.ts'
import { maxPoolGrad } from './max-pool.ts'

const backendName = 'wasm'

const kernel = (kernelName: string, kernelFunc: KernelFunc): KernelConfig => ({
  kernelName,
  backendName,
  kernelFunc,
})

const kernels: readonly KernelConfig[] = [
  kernel('MaxPoolGrad', ({ inputs, attrs }) =>
    maxPoolGrad(
      inputs['dy'] as Tensor4D,
      inputs['input'] as Tensor4D,
      inputs['output'] as Tensor4D,
      attrs as unknown as MaxPoolGradAttrs,
    ),
  ),
  kernel('Conv2DBackpropFilter', ({ inputs, attrs }) =>
    conv2dBackpropFilter(
      inputs['x'] as Tensor4D,
      inputs['dy'] as Tensor4D,
      attrs as unknown as Conv2DBackpropFilterAttrs,
    ),
  ),
  kernel('Conv2DBackpropInput', ({ inputs, attrs }) =>
    conv2dBackpropInput(
      inputs['dy'] as Tensor4D,
      inputs['filter'] as Tensor4D,
      attrs as unknown as Conv2DBackpropInputAttrs,
    ),
  ),
  kernel('DepthwiseConv2dNativeBackpropFilter', ({ inputs, attrs }) =>
    depthwiseConv2dBackpropFilter(
      inputs['x'] as Tensor4D,
      inputs['dy'] as Tensor4D,
      attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs,
    ),
  ),
  kernel('DepthwiseConv2dNativeBackpropInput', ({ inputs, attrs }) =>
    depthwiseConv2dBackpropInput(
      inputs['dy'] as Tensor4D,
      inputs['filter'] as Tensor4D,
      attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs,
    ),
  ),
]

/**
 * Register the gradients of convolutions for tfjs's backend `wasm`: `Conv2DBackpropFilter`, `Conv2DBackpropInput` (in place of tfjs's
 * own), `DepthwiseConv2dNativeBackpropFilter`, `DepthwiseConv2dNativeBackpropInput`, and `MaxPoolGrad` (in place
 * of tfjs's own, which loses gradients where the largest value is not positive). After it convolutional models train on wasm, with
 * tf.layers too.
 *
 * Before or after the backend is made; calling it again changes nothing.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * registerWasmTrainingKernels()
 * await tf.setBackend('wasm')
 * ```
 */
export const registerWasmTrainingKernels = (): void => {
  for (const config of kernels) {
    const present = getKernel(config.kernelName, backendName)
    if (present?.kernelFunc === config.kernelFunc) continue
    if (present !== undefined && present !== null) unregisterKernel(config.kernelName, backendName)
    registerKernel(config)
  }
}
