/**
 * The pool on Node's worker threads. Imported as `@laperm/backend-wasm/pool`.
 */
import { Worker } from 'node:worker_threads'
import type { BackendUnavailable } from '@laperm/core'
import type { taskEither as TE } from 'fp-ts'
import { makePool, type PoolThread, type WasmPool, type WasmPoolOptions } from './pool.ts'
import type { PoolAnswer } from './pool-job.ts'

export type { WasmPool, WasmPoolOptions } from './pool.ts'

// Plain Node runs no TypeScript: sources start the built worker too.
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/pool-worker-node.js' : './pool-worker-node.js',
  import.meta.url,
)

const startThread = (): PoolThread => {
  const worker = new Worker(workerUrl, { execArgv: [] })
  // A pool that waits for nothing does not keep the process alive.
  worker.unref()
  let onAnswer: (answer: PoolAnswer) => void = () => {}
  worker.on('message', (answer: PoolAnswer) => onAnswer(answer))
  worker.on('error', (error) => onAnswer({ kind: 'failed', reason: error.message }))
  worker.on('exit', () => onAnswer({ kind: 'failed', reason: 'it has ended' }))
  return {
    post: (job) => worker.postMessage(job),
    listen: (listener) => {
      worker.ref()
      onAnswer = (answer) => {
        onAnswer = () => {}
        worker.unref()
        listener(answer)
      }
    },
    end: async () => {
      await worker.terminate()
    },
  }
}

/**
 * Start a pool of threads that synchronize together.
 *
 * @param options how many threads.
 * @returns the pool, or why no thread could be started.
 * @throws RangeError when `threads` is not a positive integer.
 * @example
 * ```ts
 * const made = await makeWasmPool({ threads: 2 })()
 * if (E.isRight(made)) await made.right.syncInto(sorted, weights, weights.values)
 * ```
 */
export const makeWasmPool = (options: WasmPoolOptions): TE.TaskEither<BackendUnavailable, WasmPool> =>
  makePool(options, startThread)
