/**
 * Finding tfjs's WebGL backend, and refusing a device that cannot keep 32-bit floats.
 */
import { type BackendUnavailable, backendUnavailable, type Remedy } from '@laperm/core'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { env, findBackend } from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'

/** How to look for a device. */
export interface WebGlOptions {
  /**
   * Whether a software renderer (SwiftShader, llvmpipe) will do. Default false: a backend never falls back to the CPU silently.
   * Sets tfjs's flag `SOFTWARE_WEBGL_ENABLED`, which only matters before tfjs has made its WebGL context.
   */
  readonly allowSoftware?: boolean
}

const unavailable = (reason: string, remedy: Remedy | string): E.Either<BackendUnavailable, never> =>
  E.left(backendUnavailable('webgl', reason, remedy))

/** What the driver calls the device, where it tells. */
export const rendererOf = (backend: MathBackendWebGL): string => {
  const { gl } = backend.gpgpu
  const extension = gl.getExtension('WEBGL_debug_renderer_info')
  return String(gl.getParameter(extension === null ? gl.RENDERER : extension.UNMASKED_RENDERER_WEBGL))
}

/**
 * tfjs's WebGL backend, software or not, or why there is none.
 *
 * WebGL 2 with 32-bit float textures that can be rendered to is needed: GLSL before 3.00 cannot compare bits, and a 16-bit texture would
 * round the weights. The active tfjs backend is not changed.
 */
const findAnyWebGl = (): E.Either<BackendUnavailable, MathBackendWebGL> => {
  if (typeof OffscreenCanvas === 'undefined' && typeof document === 'undefined')
    return unavailable(
      'there is no canvas',
      'WebGL runs in browsers; in Node use @laperm/backend-webgpu or core',
    )
  const backend: unknown = findBackend('webgl')
  if (!(backend instanceof MathBackendWebGL))
    return unavailable('tfjs made no WebGL context', { kind: 'installDriver' })
  if (env().getNumber('WEBGL_VERSION') !== 2)
    return unavailable('it needs WebGL 2, this is WebGL 1', { kind: 'otherBackend' })
  if (!env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') || env().getBool('WEBGL_FORCE_F16_TEXTURES'))
    return unavailable('its textures hold 16-bit floats, which would round the weights', {
      kind: 'otherBackend',
    })
  return E.right(backend)
}

/** Renderers that run on the CPU; browsers give them even where a context without performance caveat was asked for. */
const softwareNames = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** tfjs's WebGL backend as {@link findAnyWebGl} finds it, but a software renderer only where it was allowed. */
export const findWebGl = (options: WebGlOptions = {}): E.Either<BackendUnavailable, MathBackendWebGL> => {
  if (options.allowSoftware === true) env().set('SOFTWARE_WEBGL_ENABLED', true)
  const found = findAnyWebGl()
  if (E.isLeft(found) || options.allowSoftware === true) return found
  const renderer = rendererOf(found.right)
  return softwareNames.test(renderer)
    ? unavailable(`it would run on the CPU (${renderer})`, { kind: 'allowSoftware' })
    : found
}
