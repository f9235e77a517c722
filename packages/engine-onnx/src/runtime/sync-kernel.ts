/** What sorts and synchronizes weight vectors: the WASM kernel, some three times as fast as core's loops and proven equal to them. */
import { makeWasmBackend, type WasmSync } from '@laperm/backend-wasm'
import { makeSyncScratch, sortInto, syncInto } from '@laperm/core'
import { either as E } from 'fp-ts'

export type SyncKernel = Pick<WasmSync, 'sortInto' | 'syncInto'>

/** Core's own loops. */
export const makeCoreKernel = (longestVector: number): SyncKernel => {
  const scratch = makeSyncScratch(longestVector)
  return {
    sortInto: (w, out) => sortInto(w, out, scratch),
    syncInto: (sorted, w, out) => syncInto(sorted, w, out, scratch),
  }
}

/** The kernel; where WebAssembly is switched off, core, which gives the same bits. */
export const loadSyncKernel = async (longestVector: number): Promise<SyncKernel> => {
  const wasm = await makeWasmBackend()()
  return E.isRight(wasm) ? wasm.right.wasmSync : makeCoreKernel(longestVector)
}
