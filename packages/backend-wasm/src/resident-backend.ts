/**
 * Resident memory as a `Backend`, so that `checkBackend` proves the synchronization that engine-onnx trains with.
 *
 * The engine keeps theta_sorted and two banks of parameters in one memory of the kernel, and synchronizes from one bank into the other, in turns.
 * This backend does so in both directions, with weights at an offset in their bank.
 */
import { type Backend, coreBackend, type WeightVectors } from '@laperm/core'
import type { WasmBackend } from './wasm-backend.ts'

/** An offset of weights in their bank: in an engine's bank they lie behind other parameters. */
const offsetOf = ({ length, count }: WeightVectors): number => (7 * length + count) % 16

const withValues = ({ length, count }: WeightVectors, values: Float32Array): WeightVectors => ({
  values,
  length,
  count,
})

const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Weights and theta_sorted in one memory, with two banks. */
const placeInMemory = ({ wasmSync }: WasmBackend, w: WeightVectors, theta: WeightVectors) => {
  const size = w.values.length
  const offset = offsetOf(w)
  const [first, second, sorted] = wasmSync.allocate(
    [offset + size, offset + size, theta.values.length],
    w.length,
  )
  return {
    first: withValues(w, first.subarray(offset)),
    second: withValues(w, second.subarray(offset)),
    sorted: withValues(theta, sorted),
  }
}

/**
 * A backend whose sort and sync work in resident memory. Its rank and permute are the WASM backend's: no engine needs them in resident memory.
 *
 * @throws Error from `sync` when the two directions differ.
 */
export const makeResidentBackend = (wasm: WasmBackend): Backend<WeightVectors> => ({
  name: 'wasm resident',
  device: wasm.device,
  refusesNaN: wasm.refusesNaN,
  keepsSubnormals: wasm.keepsSubnormals,
  upload: coreBackend.upload,
  download: coreBackend.download,
  sort: (w) => {
    const { first, sorted } = placeInMemory(wasm, w, w)
    first.values.set(w.values)
    wasm.wasmSync.sortInto(first, sorted.values)
    return withValues(w, sorted.values.slice())
  },
  rank: wasm.rank,
  permute: wasm.permute,
  sync: (theta, w) => {
    const { first, second, sorted } = placeInMemory(wasm, w, theta)
    sorted.values.set(theta.values)
    first.values.set(w.values)
    wasm.wasmSync.syncInto(sorted, first, second.values)
    const forth = second.values.slice()
    second.values.set(w.values)
    wasm.wasmSync.syncInto(sorted, second, first.values)
    const back = first.values.slice()
    const [a, b] = [bitsOf(forth), bitsOf(back)]
    const at = a.findIndex((bits, i) => bits !== b[i])
    if (at >= 0)
      throw new Error(
        `resident memory: the second bank into the first gives ${back[at]} at weight ${at}, the first into the second ${forth[at]}`,
      )
    return withValues(w, forth)
  },
  dispose: coreBackend.dispose,
  close: wasm.close,
})
