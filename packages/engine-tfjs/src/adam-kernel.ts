/**
 * Adam compiled to WebAssembly, on the memory of tfjs's own module: the arrays of a parameter are never copied.
 */
import { adamBase64, sharedAdamBase64 } from './adam-binary.ts'
import type { WasmHeap } from './wasm-kernels/heap.ts'

/** One step over arrays of one length; each factor is rounded to float32. */
export type AdamKernel = (
  weights: number,
  gradient: number,
  m: number,
  v: number,
  nextWeights: number,
  nextM: number,
  nextV: number,
  length: number,
  oldM: number,
  newM: number,
  oldV: number,
  newV: number,
  rate: number,
  epsilon: number,
) => void

/** The memory of tfjs's module. Emscripten's glue has it, tfjs's types do not say so. */
const memoryOf = ({ wasm }: WasmHeap): WebAssembly.Memory | undefined => {
  const { asm } = wasm as { readonly asm?: { readonly memory?: unknown } }
  return asm?.memory instanceof WebAssembly.Memory ? asm.memory : undefined
}

/**
 * The kernel, working on a backend's memory.
 *
 * @returns undefined where tfjs does not show its memory, or this engine has no SIMD.
 */
export const loadAdamKernel = (heap: WasmHeap): AdamKernel | undefined => {
  const memory = memoryOf(heap)
  if (memory === undefined) return undefined
  const isShared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer
  const bytes = Uint8Array.from(atob(isShared ? sharedAdamBase64 : adamBase64), (each) => each.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return exports['adam'] as AdamKernel
}
