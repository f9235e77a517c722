/**
 * The kernel as a backend: banks are plain typed arrays, operations run in the kernel's memory.
 */
import { type Backend, type BackendUnavailable, coreBackend, type WeightVectors } from '@laperm/core'
import { function as F, taskEither as TE } from 'fp-ts'
import { MAX_BLOCK_BYTES } from './block-plan.ts'
import { makeKernel } from './kernel.ts'
import { makeWasmSync, type WasmSync } from './wasm-sync.ts'

/** Weight vectors as this backend keeps them: a copy in JavaScript memory. */
export type WasmBank = WeightVectors

/** The backend, and the fast functions that it is made of. */
export interface WasmBackend extends Backend<WasmBank> {
  /** Sort, rank and synchronize typed arrays of the caller without banks. */
  readonly wasmSync: WasmSync
}

const withValues = ({ length, count }: WeightVectors, values: Float32Array): WeightVectors => ({
  values,
  length,
  count,
})

/** The backend's operations on an instance of the kernel. */
const wasmBackend = (wasmSync: WasmSync): WasmBackend => ({
  name: 'wasm',
  device: 'WebAssembly SIMD',
  refusesNaN: true,
  keepsSubnormals: true,
  upload: coreBackend.upload,
  download: coreBackend.download,
  sort: (w) => {
    const values = new Float32Array(w.values.length)
    wasmSync.sortInto(w, values)
    return withValues(w, values)
  },
  rank: (w) => {
    const ranks = new Uint32Array(w.values.length)
    wasmSync.rankInto(w, ranks)
    return withValues(w, Float32Array.from(ranks))
  },
  // A gather is bound by memory, so copying into the kernel's memory first would only cost time.
  permute: coreBackend.permute,
  sync: (sorted, w) => {
    const values = new Float32Array(w.values.length)
    wasmSync.syncInto(sorted, w, values)
    return withValues(w, values)
  },
  dispose: coreBackend.dispose,
  // Memory of WebAssembly is freed with the last reference to it.
  close: () => {},
  wasmSync,
})

/** How the backend is made. */
export interface WasmBackendOptions {
  /**
   * Bytes of memory to hold from the beginning, from 0 to 2^20 (1 MiB). By default the kernel takes 64 bytes per weight of the longest vector, in
   * pages of 64 KiB. With more memory it copies small matrices whole, and more short vectors at a time, which is faster.
   */
  readonly memoryBytes?: number
}

/**
 * Make the backend: sort, rank, permute and synchronize with a WebAssembly SIMD kernel. Works in Node and in browsers; fetches nothing.
 *
 * @param options memory to hold.
 * @returns the backend, or why this JavaScript engine cannot run it.
 * @throws RangeError when `memoryBytes` is not an integer from 0 to 2^20.
 * @example
 * ```ts
 * const made = await makeWasmBackend()()
 * if (E.isRight(made)) made.right.wasmSync.syncInto(sorted, weights, weights.values)
 * ```
 */
export const makeWasmBackend = ({
  memoryBytes = 0,
}: WasmBackendOptions = {}): TE.TaskEither<BackendUnavailable, WasmBackend> => {
  if (!Number.isSafeInteger(memoryBytes) || memoryBytes < 0 || memoryBytes > MAX_BLOCK_BYTES)
    throw new RangeError(
      `memoryBytes: expected an integer from 0 to ${MAX_BLOCK_BYTES}, got ${memoryBytes}; more would not make anything faster`,
    )
  return F.pipe(
    makeKernel(memoryBytes),
    TE.map((kernel) => wasmBackend(makeWasmSync(kernel))),
  )
}
