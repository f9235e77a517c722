/** What this browser has, told without loading a backend: the backend's own check, which is stricter, comes when it is chosen. */
import type { BackendProbe } from '../messages/events.ts'
import { threadsHere } from './threads-here.ts'

/** Renderers that run on the CPU. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i

/** A module of one function that makes a vector: browsers without SIMD refuse it. */
const simdModule = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
)

const device = (name: BackendProbe['name'], description: string): BackendProbe =>
  softwareNames.test(description)
    ? { name, status: 'software', detail: `a GPU that is a program on the CPU (${description})` }
    : { name, status: 'available', detail: description || 'a GPU' }

const missing = (name: BackendProbe['name'], detail: string): BackendProbe => ({
  name,
  status: 'missing',
  detail,
})

const probeWasm = (): BackendProbe => {
  if (typeof WebAssembly === 'undefined') return missing('wasm', 'this browser has no WebAssembly')
  if (!WebAssembly.validate(simdModule))
    return missing('wasm', 'its WebAssembly has no SIMD; a newer browser has')
  const threads = threadsHere()
  return {
    name: 'wasm',
    status: 'available',
    detail: threads === 1 ? 'SIMD, one thread' : `SIMD, ${threads} threads for convolutions`,
  }
}

const probeWebGl = (): BackendProbe => {
  if (typeof OffscreenCanvas === 'undefined')
    return missing('webgl', 'this browser has no OffscreenCanvas for workers')
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (gl === null)
    return missing('webgl', 'this browser gives no WebGL 2; is hardware acceleration switched off?')
  try {
    if (gl.getExtension('EXT_color_buffer_float') === null)
      return missing('webgl', 'its textures hold 16-bit floats only, which would round the weights')
    const named = gl.getExtension('WEBGL_debug_renderer_info')
    return device('webgl', String(gl.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)))
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

const probeWebGpu = async (): Promise<BackendProbe> => {
  const { gpu } = navigator as { readonly gpu?: GPU }
  if (gpu === undefined)
    return missing(
      'webgpu',
      isSecureContext
        ? 'this browser has no WebGPU, or not in workers'
        : 'browsers give WebGPU to pages that come by https (or from localhost) only',
    )
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) return missing('webgpu', 'this browser has WebGPU, but no adapter for this machine')
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info
  const name = [vendor, architecture, description].filter((part) => part !== '').join(' ')
  return device('webgpu', isFallbackAdapter ? `software ${name}` : name)
}

const guarded = async (
  name: BackendProbe['name'],
  probe: () => BackendProbe | Promise<BackendProbe>,
): Promise<BackendProbe> => {
  try {
    return await probe()
  } catch (error) {
    return missing(name, error instanceof Error ? error.message : String(error))
  }
}

/** Every backend, in the order of the picker. */
export const probeBackends = async (): Promise<readonly BackendProbe[]> => [
  await guarded('wasm', probeWasm),
  await guarded('webgl', probeWebGl),
  await guarded('webgpu', probeWebGpu),
]
