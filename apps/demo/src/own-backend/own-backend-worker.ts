/** A visitor's backend held against the reference, in a worker of its own: what it does there ends with it. */
import { checkBackend, renderReport } from '@laperm/conformance'
import { either as E } from 'fp-ts'
import { findBackend } from './find-backend.ts'
import type { OwnBackendMessage, OwnBackendRequest } from './messages.ts'

/** Most weights in a trial, as for the page's own backends. */
const maxWeights = 4096
const say = (message: OwnBackendMessage): void => self.postMessage(message)

const addressOf = (source: OwnBackendRequest['source']): string =>
  'address' in source
    ? new URL(source.address, self.location.origin).href
    : URL.createObjectURL(new Blob([source.text], { type: 'text/javascript' }))

const check = async ({ source, trials, maxLength }: OwnBackendRequest): Promise<void> => {
  const module: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ addressOf(source))
  const found = await findBackend(module)
  if (E.isLeft(found)) return say({ kind: 'refused', reason: found.left })
  const backend = found.right
  say({ kind: 'found', name: backend.name, device: backend.device })
  const report = await checkBackend(backend, {
    randomTrials: trials,
    maxLength,
    maxWeights,
    sliceMs: 250,
    onProgress: ({ done, total }) => say({ kind: 'progress', done, total }),
  })
  backend.close()
  say({ kind: 'checked', passed: report.passed, cases: report.cases, report: renderReport(report) })
}

self.onmessage = async ({ data }: MessageEvent<OwnBackendRequest>) => {
  try {
    await check(data)
  } catch (error) {
    say({
      kind: 'refused',
      reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    })
  }
}
