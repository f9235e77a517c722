/**
 * Synchronize with several threads over shared memory: for large networks, where the vectors of one variable are many.
 *
 * Threads are started once and keep an instance of the kernel each. Vectors are independent, so each thread takes some columns; nothing
 * is copied between threads.
 */
import {
  type BackendUnavailable,
  backendUnavailable,
  throwBreach,
  throwIfDiverged,
  type WeightVectors,
} from '@laperm/core'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { MAX_KERNEL_LENGTH } from './block-plan.ts'
import { makeKernel } from './kernel.ts'
import type { PoolAnswer, PoolJob } from './pool-job.ts'
import { makeWasmSync, syncBreach } from './wasm-sync.ts'

/** A thread, as a pool sees it. */
export interface PoolThread {
  readonly post: (job: PoolJob) => void
  /** The one listener for answers; a thread that ends on its own answers `failed`. */
  readonly listen: (onAnswer: (answer: PoolAnswer) => void) => void
  readonly end: () => Promise<void>
}

/** How many threads. */
export interface WasmPoolOptions {
  /** At least 1. More than the machine's cores, or than a variable's vectors, bring nothing. */
  readonly threads: number
}

/** A pool of threads that synchronize together. Owned by whoever made it: `close` it. */
export interface WasmPool {
  /** Threads that work: as asked, or 1 where memory cannot be shared. */
  readonly threads: number
  /** Why fewer threads work than were asked for, as a sentence; `null` when all do. */
  readonly note: string | null
  /** Zeros in memory that the threads share; weights must be in such memory. */
  readonly allocate: (length: number) => Float32Array
  /**
   * As `wasmSync.syncInto`, on all threads. One call at a time runs; later calls wait.
   *
   * @throws RangeError, TypeError for memory that is not shared, DivergedError: rejections, before anything is written.
   */
  readonly syncInto: (sorted: WeightVectors, w: WeightVectors, out: Float32Array) => Promise<void>
  /** End the threads. */
  readonly close: () => Promise<void>
}

/** Starts a thread of the platform's kind. */
export type StartThread = () => PoolThread

const isShared = ({ buffer }: Float32Array): boolean => buffer instanceof SharedArrayBuffer

/** Columns for each of `threads`: whole cache lines of a row where there are enough columns. */
const splitColumns = (count: number, threads: number) => {
  const grain = count >= 32 * threads ? 16 : 2
  const each = Math.max(grain, Math.ceil(count / threads / grain) * grain)
  const ranges = []
  for (let first = 0; first < count; first += each)
    ranges.push({ first, count: Math.min(each, count - first) })
  return ranges
}

const splitValues = (values: Float32Array, threads: number): Float32Array[] => {
  const each = Math.ceil(values.length / threads)
  return Array.from({ length: threads }, (_, k) => values.subarray(k * each, (k + 1) * each))
}

/** The next answer of a thread. */
const nextAnswer = (thread: PoolThread): Promise<PoolAnswer> =>
  new Promise((resolve) => {
    thread.listen(resolve)
  })

const ask = async (thread: PoolThread, job: PoolJob): Promise<boolean> => {
  const coming = nextAnswer(thread)
  thread.post(job)
  const answer = await coming
  if (answer.kind === 'failed') throw new Error(`A thread of the pool failed: ${answer.reason}`)
  return answer.kind === 'done' && answer.foundNaN
}

const poolOf = (threads: readonly PoolThread[]): WasmPool => {
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  const run = async (sorted: WeightVectors, w: WeightVectors, out: Float32Array): Promise<void> => {
    if (closed) throw new Error('The pool is closed.')
    throwBreach(syncBreach(sorted, w, out))
    for (const [name, values] of Object.entries({ sorted: sorted.values, w: w.values, out })) {
      if (!isShared(values))
        throw new TypeError(`${name}: expected memory that threads share (pool.allocate), got an ArrayBuffer`)
    }
    if (w.length > MAX_KERNEL_LENGTH)
      throw new RangeError(
        `w.length: a pool takes at most ${MAX_KERNEL_LENGTH} weights a vector, got ${w.length}`,
      )
    if (w.values.length === 0) return
    const found = await Promise.all(
      splitValues(w.values, threads.length).map((values, k) => ask(threads[k], { kind: 'scan', values })),
    )
    if (found.some(Boolean)) throwIfDiverged(w)
    await Promise.all(
      splitColumns(w.count, threads.length).map((range, k) =>
        ask(threads[k], { kind: 'sync', sorted, w, out, range }),
      ),
    )
  }
  return {
    threads: threads.length,
    note: null,
    allocate: (length) => new Float32Array(new SharedArrayBuffer(4 * length)),
    syncInto: (sorted, w, out) => {
      const result = last.then(() => run(sorted, w, out))
      last = result.catch(() => {})
      return result
    },
    close: async () => {
      await last
      closed = true
      await Promise.all(threads.map((thread) => thread.end()))
    },
  }
}

/** A pool without threads: the caller's own works. */
const poolOfOne = (note: string): TE.TaskEither<BackendUnavailable, WasmPool> =>
  F.pipe(
    makeKernel(),
    TE.map((kernel) => {
      const wasmSync = makeWasmSync(kernel)
      return {
        threads: 1,
        note,
        allocate: (length) => new Float32Array(length),
        syncInto: async (sorted, w, out) => wasmSync.syncInto(sorted, w, out),
        close: async () => {},
      }
    }),
  )

/**
 * Start a pool on threads of a platform.
 *
 * @param start starts one thread; called `options.threads` times.
 * @throws RangeError when `threads` is not a positive integer.
 */
export const makePool = (
  { threads }: WasmPoolOptions,
  start: StartThread,
): TE.TaskEither<BackendUnavailable, WasmPool> => {
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new RangeError(`threads: expected a positive integer, got ${threads}`)
  if (typeof SharedArrayBuffer === 'undefined')
    return poolOfOne('Shared memory is unavailable (a page needs cross-origin isolation): one thread works.')
  return async () => {
    const started = Array.from({ length: threads }, start)
    const answers = await Promise.all(started.map(nextAnswer))
    const failed = answers.find((answer) => answer.kind === 'failed')
    if (failed === undefined) return E.right(poolOf(started))
    await Promise.all(started.map((thread) => thread.end()))
    return E.left(
      backendUnavailable('wasm', `a thread did not start (${failed.reason})`, 'Use makeWasmBackend.'),
    )
  }
}
