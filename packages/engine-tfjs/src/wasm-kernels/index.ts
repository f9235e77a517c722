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
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts'
import { conv2dBackpropInput } from './conv2d-backprop-input.ts'
import { depthwiseConv2dBackpropFilter, depthwiseConv2dBackpropInput } from './depthwise-conv2d.ts'
import { heapOf } from './heap.ts'
import { shareMemory } from './identity.ts'
import { matMulByXnnpack } from './mat-mul.ts'
import { maxPoolGrad } from './max-pool.ts'
import { overRows } from './row-sums.ts'

const backendName = 'wasm'

const kernel = (kernelName: string, kernelFunc: KernelFunc): KernelConfig => ({
  kernelName,
  backendName,
  kernelFunc,
})

const kernels: readonly KernelConfig[] = [
  kernel('MaxPoolGrad', ({ inputs, attrs, backend }) =>
    maxPoolGrad(
      heapOf(backend),
      { dy: inputs['dy'] as Tensor4D, x: inputs['input'] as Tensor4D, y: inputs['output'] as Tensor4D },
      attrs as unknown as MaxPoolGradAttrs,
    ),
  ),
  kernel('Conv2DBackpropFilter', ({ inputs, attrs, backend }) =>
    conv2dBackpropFilter(
      heapOf(backend),
      inputs['x'] as Tensor4D,
      inputs['dy'] as Tensor4D,
      attrs as unknown as Conv2DBackpropFilterAttrs,
    ),
  ),
  kernel('Conv2DBackpropInput', ({ inputs, attrs, backend }) =>
    conv2dBackpropInput(
      heapOf(backend),
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

/** What stands before a kernel of tfjs, and calls it. */
const before: Readonly<Record<string, (own: KernelFunc) => KernelFunc>> = {
  BatchMatMul: matMulByXnnpack,
  Identity: shareMemory,
  Sum: overRows('sum'),
  Mean: overRows('mean'),
}

/** Kernels of `before` that are registered. */
const registered = new WeakSet<KernelFunc>()

/**
 * Register the gradients of convolutions for tfjs's backend `wasm`: `Conv2DBackpropFilter`, `Conv2DBackpropInput` (in place of tfjs's
 * own), `DepthwiseConv2dNativeBackpropFilter`, `DepthwiseConv2dNativeBackpropInput`, and `MaxPoolGrad` (in place
 * of tfjs's own, which loses gradients where the largest value is not positive). After it convolutional models train on wasm, with
 * tf.layers too. Products with a transposed factor, which every dense layer's gradient has, are computed by XNNPACK.
 *
 * After the import of tfjs-backend-wasm, before or after the backend is made; calling it again changes nothing.
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
  for (const [kernelName, stand] of Object.entries(before)) {
    const own = getKernel(kernelName, backendName)
    if (own === undefined || own === null || registered.has(own.kernelFunc)) continue
    const kernelFunc = stand(own.kernelFunc)
    registered.add(kernelFunc)
    unregisterKernel(kernelName, backendName)
    registerKernel({ ...own, kernelFunc })
  }
}
