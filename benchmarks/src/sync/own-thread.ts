/**
 * A synchronizer in JavaScript that lives in a thread of its own, as a peer in Python lives in a process of its own.
 *
 * A thread has its own V8: what another contender has allocated, compiled or detached does not count.
 */
import { Worker } from 'node:worker_threads'
import type { javascriptSynchronizers } from './javascript-synchronizers.ts'
import type { Synchronizer, Weights } from './synchronizer.ts'

/** Which of {@link javascriptSynchronizers}. */
export type SynchronizerKey = keyof typeof javascriptSynchronizers

/** What the thread is asked. */
export type ThreadRequest =
  | { readonly op: 'load'; readonly weights: Weights }
  | { readonly op: 'run'; readonly repeats: number }
  | { readonly op: 'result' }

/** What it tells when it is ready. */
export interface ThreadReady {
  readonly name: string
  readonly minLength: number
}

/** Start it; rejects when it cannot be made or its thread ends. */
export const inOwnThread = async (key: SynchronizerKey): Promise<Synchronizer> => {
  const thread = new Worker(new URL('./synchronizer-thread.js', import.meta.url), { workerData: key })
  let waiting:
    | { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
    | undefined
  const answer = <Answer>(): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting = { resolve: (message) => resolve(message as Answer), reject }
    })
  const ask = <Answer>(request: ThreadRequest): Promise<Answer> => {
    const answered = answer<Answer>()
    thread.postMessage(request)
    return answered
  }
  thread.on('message', (message: unknown) => waiting?.resolve(message))
  thread.on('error', (error) => waiting?.reject(error))
  thread.on('exit', () => waiting?.reject(new Error(`the thread of ${key} has ended`)))
  const { name, minLength } = await answer<ThreadReady>()
  return {
    name,
    minLength,
    load: ({ sorted, w, length, count, matrices }) =>
      ask({ op: 'load', weights: { sorted, w, length, count, matrices } }),
    run: (repeats) => ask({ op: 'run', repeats }),
    result: () => ask({ op: 'result' }),
    stop: () => void thread.terminate(),
  }
}
