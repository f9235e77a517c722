/** Another tensor of the same values. tfjs-backend-wasm copies them, several times a layer where gradients are taken. */
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import { heapOf } from './heap.ts'

/**
 * A kernel in the place of tfjs's own `Identity`, which keeps strings: the same memory, counted once more. tfjs never writes a tensor in
 * place, and releases the memory with the last tensor that has it.
 */
export const shareMemory =
  (own: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { readonly x: Tensor }
    if (x.dtype === 'string') return own(call)
    heapOf(call.backend).incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  }
