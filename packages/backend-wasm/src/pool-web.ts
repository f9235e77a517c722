/**
 * The pool on web workers. Imported as `@laperm/backend-wasm/pool` by bundlers for browsers.
 *
 * Shared memory needs a cross-origin isolated page; without it one thread works, and `note` says so.
 */
import type { BackendUnavailable } from '@laperm/core'
import type { taskEither as TE } from 'fp-ts'
import { makePool, type PoolThread, type WasmPool, type WasmPoolOptions } from './pool.ts'
import type { PoolAnswer, PoolJob } from './pool-job.ts'

export type { WasmPool, WasmPoolOptions } from './pool.ts'

// In browsers; neither the language's own library nor Node declares it.
declare const Worker: new (
  url: URL,
  options: { readonly type: 'module' },
) => {
  postMessage: (job: PoolJob) => void
  onmessage: ((event: { readonly data: PoolAnswer }) => void) | null
  onerror: ((event: { readonly message?: string }) => void) | null
  terminate: () => void
}

const startThread = (): PoolThread => {
  const worker = new Worker(new URL('./pool-worker-web.js', import.meta.url), { type: 'module' })
  let onAnswer: (answer: PoolAnswer) => void = () => {}
  worker.onmessage = ({ data }) => onAnswer(data)
  worker.onerror = ({ message }) => onAnswer({ kind: 'failed', reason: message ?? 'it did not load' })
  return {
    post: (job) => worker.postMessage(job),
    listen: (listener) => {
      onAnswer = listener
    },
    end: async () => worker.terminate(),
  }
}

/**
 * Start a pool of threads that synchronize together: see `pool-node.ts`.
 *
 * @throws RangeError when `threads` is not a positive integer.
 */
export const makeWasmPool = (options: WasmPoolOptions): TE.TaskEither<BackendUnavailable, WasmPool> =>
  makePool(options, startThread)
