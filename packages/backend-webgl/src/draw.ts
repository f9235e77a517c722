/**
 * Draw with this package's programs in tfjs's WebGL context. Programs are compiled once per context, and tfjs's bindings are restored afterwards.
 *
 * A program of tfjs writes one float texture. Sorting needs several outputs per fragment and integer textures, so it has programs of its own.
 */
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { vertexShader } from './glsl.ts'

/** A texture as a program reads it. */
export interface BoundTexture {
  readonly texture: WebGLTexture
  readonly layered: boolean
}

/** One draw over a whole target. */
export interface Draw {
  /** Names the program; the same key means the same text. */
  readonly key: string
  /** The fragment shader. */
  readonly source: () => string
  /** The vertex shader, and how many vertices of triangles it places; one triangle over the whole target where left out. */
  readonly vertices?: { readonly source: () => string; readonly count: number }
  readonly framebuffer: WebGLFramebuffer
  readonly width: number
  readonly height: number
  /** First and last column of texels that may be written; the whole width where left out. */
  readonly scissor?: readonly [number, number]
  readonly textures: Readonly<Record<string, BoundTexture>>
  /** One to three integers each. */
  readonly integers: Readonly<Record<string, readonly number[]>>
  /** Arrays of two integers each. */
  readonly pairs?: Readonly<Record<string, readonly number[]>>
}

interface Compiled {
  readonly program: WebGLProgram
  /** Where each uniform is, and what it was set to last. */
  readonly uniforms: Map<
    string,
    { readonly at: WebGLUniformLocation | null; readonly values: readonly number[] }
  >
}

/** What this package keeps in a context. */
interface Studio {
  readonly programs: Map<string, Compiled>
  readonly vertices: WebGLVertexArrayObject
  /** For results, which are tfjs's textures. */
  readonly framebuffer: WebGLFramebuffer
}

const studios = new WeakMap<WebGL2RenderingContext, Studio>()

/** tfjs's context; `findWebGl` has checked that it is WebGL 2. */
export const contextOf = (backend: MathBackendWebGL): WebGL2RenderingContext =>
  backend.gpgpu.gl as WebGL2RenderingContext

const studioOf = (gl: WebGL2RenderingContext): Studio => {
  const known = studios.get(gl)
  if (known !== undefined) return known
  const studio = {
    programs: new Map<string, Compiled>(),
    vertices: gl.createVertexArray(),
    framebuffer: gl.createFramebuffer(),
  }
  studios.set(gl, studio)
  return studio
}

const attach = (gl: WebGL2RenderingContext, program: WebGLProgram, type: number, source: string): void => {
  const shader = gl.createShader(type)
  if (shader === null) throw new Error('WebGL made no shader')
  gl.shaderSource(shader, source)
  gl.compileShader(shader)
  gl.attachShader(program, shader)
  if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true)
    throw new Error(`a shader does not compile: ${gl.getShaderInfoLog(shader)}`)
}

const compile = (gl: WebGL2RenderingContext, source: string, vertexSource: string): Compiled => {
  const program = gl.createProgram()
  if (program === null) throw new Error('WebGL made no program')
  attach(gl, program, gl.VERTEX_SHADER, vertexSource)
  attach(gl, program, gl.FRAGMENT_SHADER, source)
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true)
    throw new Error(`a program does not link: ${gl.getProgramInfoLog(program)}`)
  return { program, uniforms: new Map() }
}

const compiled = (gl: WebGL2RenderingContext, { key, source, vertices }: Draw): Compiled => {
  const { programs } = studioOf(gl)
  const known = programs.get(key)
  if (known !== undefined) return known
  const made = compile(gl, source(), vertices?.source() ?? vertexShader)
  programs.set(key, made)
  return made
}

/** Set a uniform, unless its value is the one of the program's last draw: programs keep their uniforms. */
const setUniform = (
  gl: WebGL2RenderingContext,
  { program, uniforms }: Compiled,
  name: string,
  values: readonly number[],
  set: (at: WebGLUniformLocation | null) => void,
): void => {
  const known = uniforms.get(name)
  if (known?.values.length === values.length && known.values.every((value, i) => value === values[i])) return
  const at = known === undefined ? gl.getUniformLocation(program, name) : known.at
  uniforms.set(name, { at, values })
  set(at)
}

const setUniforms = (gl: WebGL2RenderingContext, compiled: Compiled, draw: Draw): void => {
  Object.entries(draw.textures).forEach(([name, { texture, layered }], unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit)
    gl.bindTexture(layered ? gl.TEXTURE_2D_ARRAY : gl.TEXTURE_2D, texture)
    setUniform(gl, compiled, name, [unit], (at) => gl.uniform1i(at, unit))
  })
  for (const [name, values] of Object.entries(draw.integers))
    setUniform(gl, compiled, name, values, (at) => {
      if (values.length === 1) gl.uniform1i(at, values[0])
      else if (values.length === 2) gl.uniform2i(at, values[0], values[1])
      else gl.uniform3i(at, values[0], values[1], values[2])
    })
  for (const [name, values] of Object.entries(draw.pairs ?? {}))
    setUniform(gl, compiled, name, values, (at) => gl.uniform2iv(at, values))
}

/** Run one program. Only within {@link withOwnState}. */
export const draw = (gl: WebGL2RenderingContext, call: Draw): void => {
  const program = compiled(gl, call)
  const [left, right] = call.scissor ?? [0, call.width]
  gl.bindFramebuffer(gl.FRAMEBUFFER, call.framebuffer)
  gl.viewport(0, 0, call.width, call.height)
  gl.scissor(left, 0, right - left, call.height)
  gl.useProgram(program.program)
  setUniforms(gl, program, call)
  gl.drawArrays(gl.TRIANGLES, 0, call.vertices?.count ?? 3)
}

/** Draw into a texture of tfjs: it is attached to a framebuffer of this package while `body` runs. */
export const withTarget = (
  gl: WebGL2RenderingContext,
  texture: WebGLTexture,
  body: (framebuffer: WebGLFramebuffer) => void,
): void => {
  const { framebuffer } = studioOf(gl)
  const attachTo = (target: WebGLTexture | null): void => {
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0)
  }
  attachTo(texture)
  try {
    body(framebuffer)
  } finally {
    // Detached, because a deleted texture keeps its memory while it is attached.
    attachTo(null)
  }
}

/** Draw, then restore the bindings that tfjs expects. tfjs must not draw while `body` runs. */
export const withOwnState = (backend: MathBackendWebGL, units: number, body: () => void): void => {
  const gl = contextOf(backend)
  const { gpgpu } = backend
  gl.bindVertexArray(studioOf(gl).vertices)
  try {
    body()
  } finally {
    for (let unit = units - 1; unit >= 0; unit--) {
      gl.activeTexture(gl.TEXTURE0 + unit)
      for (const target of [gl.TEXTURE_2D, gl.TEXTURE_2D_ARRAY]) gl.bindTexture(target, null)
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, gpgpu.framebuffer)
    gl.useProgram(gpgpu.program)
    gl.bindVertexArray(gpgpu.program?.vao ?? null)
  }
}
