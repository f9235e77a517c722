/**
 * Loss of the WebGL context. Calls on a lost context silently do nothing, so it is asked before and after them.
 */
import { DeviceFaultError } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'

const contextLost = (when = ''): DeviceFaultError =>
  new DeviceFaultError({
    _tag: 'DeviceLost',
    backend: 'webgl',
    reason: `the WebGL context was lost${when}`,
  })

/** @throws DeviceFaultError `DeviceLost` where the context is gone. */
export const assertAlive = (gpu: MathBackendWebGL): void => {
  if (gpu.gpgpu.gl.isContextLost()) throw contextLost()
}

/** Run WebGL calls. @throws DeviceFaultError `DeviceLost`. */
export const guarded = <A>(gpu: MathBackendWebGL, action: () => A): A => {
  assertAlive(gpu)
  try {
    return action()
  } catch (error) {
    assertAlive(gpu)
    throw error
  }
}

/** Reject as soon as the context is lost: a fence of a lost context never resolves, and tfjs would poll it forever. */
export const racedWithLoss = <A>(gpu: MathBackendWebGL, result: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setInterval> | undefined
  const lost = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (gpu.gpgpu.gl.isContextLost()) reject(contextLost(' while weights were read back'))
    }, 50)
  })
  return Promise.race([result, lost]).finally(() => clearInterval(timer))
}
