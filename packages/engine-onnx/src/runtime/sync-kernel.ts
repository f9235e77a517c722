/** What sorts and synchronizes weight vectors: the WASM kernel, several times as fast as core's loops and proven equal to them. */
import { makeWasmBackend, type WasmSync } from '@laperm/backend-wasm'
import { sortInto, syncInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'

export type SyncKernel = Pick<WasmSync, 'sortInto' | 'syncInto' | 'allocate'>

const allocate = (lengths: readonly number[]) => lengths.map((length) => new Float32Array(length))

/** Core's own loops. */
const coreKernel: SyncKernel = { sortInto, syncInto, allocate }

/** The kernel works on other arrays as well: what does not fit WebAssembly's 4 GiB lies elsewhere. */
const withRoomBeyond = (wasmSync: WasmSync): SyncKernel => ({
  sortInto: wasmSync.sortInto,
  syncInto: wasmSync.syncInto,
  allocate: (lengths, longestVector) => {
    try {
      return wasmSync.allocate(lengths, longestVector)
    } catch (error) {
      if (error instanceof RangeError) return allocate(lengths)
      throw error
    }
  },
})

/** The kernel; where WebAssembly is switched off, core, which gives the same bits. */
export const loadSyncKernel = async (): Promise<SyncKernel> => {
  const wasm = await makeWasmBackend()()
  return E.isRight(wasm) ? withRoomBeyond(wasm.right.wasmSync) : coreKernel
}
