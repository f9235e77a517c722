/**
 * The memory of tfjs's WebAssembly backend, as JavaScript sees it: tensors are views of it. What tfjs has only as several passes over its
 * memory is one loop here.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'

/** tfjs's backend, whose memory it is. */
export type WasmHeap = BackendWasm

/** The backend that tfjs hands to a kernel of `wasm`. */
export const heapOf = (backend: object): WasmHeap => backend as WasmHeap

/**
 * Values of a float32 tensor, not a copy.
 *
 * Valid until the next tensor is made: memory that grows leaves old views empty. Make every output first, then take the views.
 */
export const valuesOf = (heap: WasmHeap, tensor: TensorInfo): Float32Array =>
  heap.typedArrayFromHeap(tensor) as Float32Array

/** A new tensor with values that are not set. */
export const makeFloats = (heap: WasmHeap, shape: readonly number[]): TensorInfo =>
  heap.makeOutput([...shape], 'float32')

/** A tensor of tfjs for one that a kernel made, within the scope that `tf.tidy` cleans. */
export const tensorOf = (heap: WasmHeap, made: TensorInfo): Tensor =>
  engine().makeTensorFromTensorInfo(made, heap)
