/** The proof itself, off the page's thread: the laws of `@laperm/conformance` on one backend after the other. */
import { checkBackend } from '@laperm/conformance'
import { either as E } from 'fp-ts'
import { loadBackend } from './load-backend.ts'
import { type BackendName, backendNames, type VerifyMessage, type VerifyRequest } from './messages.ts'

/** Most weights in a trial: a software GPU takes microseconds for each. */
const maxWeights = 4096
const nanReason = 'a GPU operation does not wait for its device: NaN ranks last, and checkNumbers finds it'
const goldenReason = "the authors' results are checked by the tests of each package"

const say = (message: VerifyMessage): void => self.postMessage(message)

const verify = async (name: BackendName, { trials, allowSoftware }: VerifyRequest): Promise<void> => {
  const made = await loadBackend(name, allowSoftware)
  if (E.isLeft(made)) {
    const { reason, remedy } = made.left
    return say({ kind: 'unavailable', name, reason, remedy })
  }
  const { backend, device, refusesNaN, flushesSubnormals, close } = made.right
  const report = await checkBackend(backend, {
    randomTrials: trials,
    maxWeights,
    flushesSubnormals,
    sliceMs: 250,
    skip: { 'golden cases': goldenReason, ...(refusesNaN ? {} : { 'NaN is refused': nanReason }) },
    onProgress: ({ done, total }) => say({ kind: 'progress', name, done, total }),
  })
  close()
  say({ kind: 'verified', name, device, report })
}

self.onmessage = async ({ data }: MessageEvent<VerifyRequest>) => {
  for (const name of backendNames)
    try {
      await verify(name, data)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      say({ kind: 'unavailable', name, reason, remedy: 'Reload the page and try again.' })
    }
  say({ kind: 'done' })
}
