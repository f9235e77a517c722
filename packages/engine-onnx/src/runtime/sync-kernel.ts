/** What sorts and synchronizes weight vectors: the WASM kernel, faster than core's loops and proven equal to them. */
import { makeWasmBackend, type WasmSync } from '@laperm/backend-wasm'
import { coreBackend } from '@laperm/core'
import { sortInto, syncInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'

export type SyncKernel = Pick<WasmSync, 'sortInto' | 'syncInto' | 'allocate'>

const allocate = (lengths: readonly number[]) => lengths.map((length) => new Float32Array(length))

/** Core's own loops. */
const coreKernel: SyncKernel = { sortInto, syncInto, allocate }

/** The kernel works on other arrays as well, by copies: banks that do not fit WebAssembly's 4 GiB are ordinary arrays. */
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

/** What synchronizes, and what that is for people. */
export interface LoadedSyncKernel {
  readonly kernel: SyncKernel
  readonly describe: string
}

/** The kernel; where WebAssembly is switched off, core, which is slower and gives the same bits. */
export const loadSyncKernel = async (): Promise<LoadedSyncKernel> => {
  const wasm = await makeWasmBackend()()
  return E.isRight(wasm)
    ? { kernel: withRoomBeyond(wasm.right.wasmSync), describe: `synchronized by ${wasm.right.device}` }
    : { kernel: coreKernel, describe: `synchronized by ${coreBackend.device} (${wasm.left.reason})` }
}
