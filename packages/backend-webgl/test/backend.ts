/** The backend that the page's modules check. */
import { either as E } from 'fp-ts'
import { makeWebGlBackend } from '../src/index.ts'

export const backendOrThrow = async () => {
  const made = await makeWebGlBackend({ allowSoftware: true })()
  if (E.isLeft(made)) throw new Error(made.left.reason)
  return made.right
}
