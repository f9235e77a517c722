/** What the page's modules share. */
import { DeviceFaultError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { makeWebGlBackend } from '../src/index.ts'

export const backendOrThrow = async () => {
  const made = await makeWebGlBackend({ allowSoftware: true })()
  if (E.isLeft(made)) throw new Error(made.left.reason)
  return made.right
}

/** Values with many ties, both zeros, subnormals and infinities. */
export const drawn = (size: number): Float32Array => {
  const special = [0, -0, 1e-40, -1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1]
  return Float32Array.from({ length: size }, (_, i) =>
    i % 3 === 0 ? special[(i * 7) % special.length] : Math.sin(i * 12.9898) * 2 ** ((i % 40) - 20),
  )
}

export const sameBits = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [a, b].map((values) => new Uint32Array(Float32Array.from(values).buffer))
  return x.length === y.length && x.every((bits, i) => bits === y[i])
}

export const tagOf = async (action: () => unknown): Promise<string> => {
  try {
    await action()
    return 'no error'
  } catch (error) {
    return error instanceof DeviceFaultError ? error.fault._tag : String(error)
  }
}
