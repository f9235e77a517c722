export { makeWebGlBackend, type WebGlBackend } from './backend.ts'
export type { WebGlOptions } from './device.ts'
