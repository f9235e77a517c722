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

/** Start a thread. */
export const startThread = (): PoolThread => {
  const worker = new Worker(workerUrl, { execArgv: [] })
  // A pool that waits for nothing does not keep the process alive.
  worker.unref()
  let onAnswer: ((answer: PoolAnswer) => void) | null = null
  let ended: PoolAnswer | null = null
  const answer = (given: PoolAnswer): void => {
    const listener = onAnswer
    onAnswer = null
    worker.unref()
    listener?.(given)
  }
  const end = (reason: string): void => {
    ended ??= { kind: 'failed', reason }
    answer(ended)
  }
  worker.on('message', answer)
  worker.on('error', (error) => end(error.message))
  worker.on('exit', () => end('it has ended'))
  return {
    post: (job) => worker.postMessage(job),
    listen: (listener) => {
      if (ended !== null) {
        listener(ended)
        return
      }
      worker.ref()
      onAnswer = listener
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
