/**
 * Work textures of integers, each with a framebuffer. Up to {@link keptBytes} of them are kept for the next synchronization, others are freed.
 */
import { DeviceFaultError } from '@laperm/core'

/** Most bytes of work textures that are kept while none is in use. */
export const keptBytes = 96 * 1024 * 1024

/** Size of a work texture of four 32-bit integers a texel; `layers` 0 means a plain texture. */
export interface WorkSize {
  readonly width: number
  readonly height: number
  readonly layers: number
}

/** A texture and a framebuffer that draws into every one of its layers at once. */
export interface WorkTexture {
  readonly size: WorkSize
  readonly texture: WebGLTexture
  readonly framebuffer: WebGLFramebuffer
}

const bytesOf = ({ width, height, layers }: WorkSize): number => width * height * Math.max(1, layers) * 16

const pools = new WeakMap<WebGL2RenderingContext, WorkTexture[]>()

const poolOf = (gl: WebGL2RenderingContext): WorkTexture[] => {
  const known = pools.get(gl)
  if (known !== undefined) return known
  const pool: WorkTexture[] = []
  pools.set(gl, pool)
  return pool
}

const free = (gl: WebGL2RenderingContext, { texture, framebuffer }: WorkTexture): void => {
  gl.deleteFramebuffer(framebuffer)
  gl.deleteTexture(texture)
}

const outOfMemory = (reason: string): DeviceFaultError =>
  new DeviceFaultError({ _tag: 'DeviceOutOfMemory', backend: 'webgl', reason })

/** WebGL errors since the last call; those of a lost context are left out. */
const takeErrors = (gl: WebGL2RenderingContext): ReadonlySet<number> => {
  const errors = new Set<number>()
  for (let error = gl.getError(); error !== gl.NO_ERROR; error = gl.getError()) {
    if (error === gl.CONTEXT_LOST_WEBGL) break
    errors.add(error)
  }
  return errors
}

/** Throw if the device has run out of memory since the last call. Costs a round trip to the device's process. */
export const refuseOutOfMemory = (gl: WebGL2RenderingContext, what: string): void => {
  if (takeErrors(gl).has(gl.OUT_OF_MEMORY)) throw outOfMemory(`OUT_OF_MEMORY while it made ${what}`)
}

const makeLayers = (gl: WebGL2RenderingContext, texture: WebGLTexture, size: WorkSize): void => {
  const { width, height, layers } = size
  const target = layers === 0 ? gl.TEXTURE_2D : gl.TEXTURE_2D_ARRAY
  gl.bindTexture(target, texture)
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  if (layers === 0) gl.texStorage2D(target, 1, gl.RGBA32I, width, height)
  else gl.texStorage3D(target, 1, gl.RGBA32I, width, height, layers)
  gl.bindTexture(target, null)
}

const attachLayers = (
  gl: WebGL2RenderingContext,
  { texture, framebuffer, size: { layers } }: WorkTexture,
): void => {
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer)
  if (layers === 0) {
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
    return
  }
  const attachments = Array.from({ length: layers }, (_, layer) => gl.COLOR_ATTACHMENT0 + layer)
  attachments.forEach((attachment, layer) => {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, attachment, texture, 0, layer)
  })
  gl.drawBuffers(attachments)
}

const make = (gl: WebGL2RenderingContext, size: WorkSize): WorkTexture => {
  const made = { size, texture: gl.createTexture(), framebuffer: gl.createFramebuffer() }
  try {
    takeErrors(gl)
    makeLayers(gl, made.texture, size)
    // Chromium reports INVALID_OPERATION for a texture larger than it ever allocates.
    if (takeErrors(gl).size > 0) throw outOfMemory(`it gave no work texture of ${bytesOf(size)} bytes`)
    attachLayers(gl, made)
    return made
  } catch (error) {
    free(gl, made)
    throw error
  }
}

/** A work texture of this size, kept or new, with arbitrary contents. @throws DeviceFaultError where there is no memory for it. */
const take = (gl: WebGL2RenderingContext, size: WorkSize): WorkTexture => {
  const pool = poolOf(gl)
  const at = pool.findIndex(
    (kept) =>
      kept.size.width === size.width && kept.size.height === size.height && kept.size.layers === size.layers,
  )
  if (at >= 0) return pool.splice(at, 1)[0]
  try {
    return make(gl, size)
  } catch (error) {
    if (pool.length === 0) throw error
    // Kept textures are freed first: their memory may be enough.
    for (const kept of pool.splice(0)) free(gl, kept)
    return make(gl, size)
  }
}

const give = (gl: WebGL2RenderingContext, texture: WorkTexture): void => {
  const pool = poolOf(gl)
  pool.push(texture)
  let bytes = pool.reduce((sum, { size }) => sum + bytesOf(size), 0)
  while (bytes > keptBytes) {
    const oldest = pool.shift() as WorkTexture
    bytes -= bytesOf(oldest.size)
    free(gl, oldest)
  }
}

/** Work textures of one operation. */
export interface Workbench {
  readonly take: (size: WorkSize) => WorkTexture
  readonly give: (texture: WorkTexture) => void
}

/** Run an operation; work textures that it has not given back are given back at its end. */
export const withWorkbench = <A>(gl: WebGL2RenderingContext, body: (bench: Workbench) => A): A => {
  const taken = new Set<WorkTexture>()
  const giveBack = (texture: WorkTexture): void => {
    if (taken.delete(texture)) give(gl, texture)
  }
  try {
    return body({
      take: (size) => {
        const texture = take(gl, size)
        taken.add(texture)
        return texture
      },
      give: giveBack,
    })
  } finally {
    for (const texture of [...taken]) giveBack(texture)
  }
}

/** Bytes of work textures that a context keeps, and how many there are. */
export const keptWorkTextures = (
  gl: WebGL2RenderingContext,
): { readonly count: number; readonly bytes: number } => ({
  count: poolOf(gl).length,
  bytes: poolOf(gl).reduce((sum, { size }) => sum + bytesOf(size), 0),
})
