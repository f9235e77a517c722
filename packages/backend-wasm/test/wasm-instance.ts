/**
 * The backend, for tests: one instance for all of a file's tests, because that is how it is used.
 */
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { makeWasmBackend, type WasmBackend, type WasmBackendOptions } from '../src/wasm-backend.ts'

export const wasmBackendForTests = async (options?: WasmBackendOptions): Promise<WasmBackend> => {
  const made = await makeWasmBackend(options)()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  return made.right
}
