export * from './wasm-backend.ts'
export type { WasmSync } from './wasm-sync.ts'
