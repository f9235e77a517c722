export { makeResidentBackend } from './resident-backend.ts'
export { makeWasmBackend, type WasmBackend, type WasmBackendOptions, type WasmBank } from './wasm-backend.ts'
export type { WasmSync } from './wasm-sync.ts'
