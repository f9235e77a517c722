export { makeWebGpuBackend, type WebGpuBackend, type WebGpuBank } from './backend.ts'
export type { DeviceMemory } from './buffers.ts'
export { type FoundDevice, findDevice, type WebGpuOptions } from './device.ts'
export type { Health } from './health.ts'
