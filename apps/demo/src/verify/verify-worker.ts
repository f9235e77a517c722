/** The proof itself, off the page's thread: the laws of `@laperm/conformance` on one backend after the other. */
import { checkBackend } from '@laperm/conformance'
import { type Backend, renderRemedy } from '@laperm/core'
import { either as E } from 'fp-ts'
import { pageRemedies } from '../remedies.ts'
import { loadBackend } from './load-backend.ts'
import { type BackendName, backendNames, type VerifyMessage, type VerifyRequest } from './messages.ts'

/** Most weights in a trial: a software GPU takes microseconds for each. */
const maxWeights = 4096
const say = (message: VerifyMessage): void => self.postMessage(message)

const proveBackend = async <Bank>(
  name: BackendName,
  backend: Backend<Bank>,
  { trials, maxLength }: VerifyRequest,
): Promise<void> => {
  const report = await checkBackend(backend, {
    randomTrials: trials,
    maxLength,
    maxWeights,
    sliceMs: 250,
    onProgress: ({ done, total }) => say({ kind: 'progress', name, done, total }),
  })
  backend.close()
  say({ kind: 'verified', name, device: backend.device, report })
}

const verify = async (name: BackendName, request: VerifyRequest): Promise<void> => {
  const proving = await loadBackend(name, request.allowSoftware, (backend) =>
    proveBackend(name, backend, request),
  )
  if (E.isRight(proving)) return proving.right
  const { reason, remedy } = proving.left
  say({ kind: 'unavailable', name, reason, remedy: renderRemedy(remedy, pageRemedies) })
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
