/**
 * Synchronize with several threads over shared memory: for large networks, where the vectors of one variable are many.
 *
 * Threads are started once and keep an instance of the kernel each, on the memory where the weights are. Vectors are independent, so
 * threads take some columns after the other; nothing is copied.
 */
import { type BackendUnavailable, backendUnavailable, type WeightVectors } from '@laperm/core'
import { throwBreach, throwIfDiverged } from '@laperm/core/kernel'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { makeKernel, makeSharedMemory } from './kernel.ts'
import { arraysOf, layOutMemory, type MemoryLayout, type SyncInMemory, wholeMatrix } from './memory-layout.ts'
import type { PoolAnswer, PoolJob } from './pool-job.ts'
import { abandonParts, columnsOfPart, makePartCounts, resetParts } from './pool-parts.ts'
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
  /**
   * Arrays of zeros in one memory that the threads share: for all arrays of a network, since `syncInto` works within one. The memory is freed
   * when the pool is closed and the last of its arrays is gone.
   *
   * @param lengths of the arrays, in weights.
   * @param longestVector longest weight vector to come.
   * @throws RangeError on a length that is none, or beyond WebAssembly's 4 GiB in all.
   */
  readonly allocate: (lengths: readonly number[], longestVector: number) => readonly Float32Array[]
  /**
   * As `wasmSync.syncInto`, on all threads, where the arrays lie. One call at a time runs; later calls wait.
   *
   * @throws RangeError, TypeError for arrays that are not from one call of `allocate`, DivergedError: rejections, before anything is written.
   * @throws Error (a rejection) when a thread has failed, at this and every later call; some results may be written.
   */
  readonly syncInto: (sorted: WeightVectors, w: WeightVectors, out: Float32Array) => Promise<void>
  /** End the threads. */
  readonly close: () => Promise<void>
}

/** Starts a thread of the platform's kind. */
export type StartThread = () => PoolThread

/** The next answer of a thread. */
const nextAnswer = (thread: PoolThread): Promise<PoolAnswer> =>
  new Promise((resolve) => {
    thread.listen(resolve)
  })

const ask = (thread: PoolThread, job: PoolJob): Promise<PoolAnswer> => {
  const coming = nextAnswer(thread)
  thread.post(job)
  return coming
}

/** A memory that the threads know by a number. */
interface SharedResidence {
  readonly id: number
  readonly layout: MemoryLayout
}

/** The memories of a pool. */
const makeSharedResidences = (threads: readonly PoolThread[]) => {
  const residences = new WeakMap<ArrayBufferLike, SharedResidence>()
  let made = 0
  const allocate = (lengths: readonly number[], longestVector: number): readonly Float32Array[] => {
    const layout = layOutMemory(lengths, longestVector, threads.length)
    const memory = makeSharedMemory(layout.bytes)
    const id = made++
    for (const thread of threads) thread.post({ kind: 'memory', id, memory })
    residences.set(memory.buffer, { id, layout })
    return arraysOf(layout, lengths, memory.buffer)
  }
  /** Where all of the arrays are. @throws TypeError when that is not one memory, RangeError when it has no room for such vectors. */
  const find = (sorted: WeightVectors, w: WeightVectors, out: Float32Array): SharedResidence => {
    const residence = residences.get(w.values.buffer)
    if (residence === undefined)
      throw new TypeError('w: expected an array from pool.allocate, in memory that threads share')
    for (const [name, { buffer }] of Object.entries({ sorted: sorted.values, out })) {
      if (buffer !== w.values.buffer)
        throw new TypeError(`${name}: expected an array from the same call of pool.allocate as w`)
    }
    if (w.length > residence.layout.longestVector)
      throw new RangeError(
        `w.length: expected at most ${residence.layout.longestVector}, as pool.allocate was told (65535 at most), got ${w.length}`,
      )
    return residence
  }
  return { allocate, find }
}

const poolOf = (threads: readonly PoolThread[]): WasmPool => {
  const residences = makeSharedResidences(threads)
  const counts = makePartCounts(threads.length)
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  let failure: string | null = null

  /** One synchronization on as many threads as there are parts for. @returns whether a weight is NaN. */
  const share = async ({ id, layout }: SharedResidence, task: SyncInMemory): Promise<boolean> => {
    const columns = columnsOfPart(task.length, task.count, threads.length)
    const sharing = threads.slice(0, Math.ceil(task.count / columns))
    resetParts(counts)
    const answers = await Promise.all(
      sharing.map(async (asked, thread) => {
        const taker = { counts, thread, threads: sharing.length }
        const work = layout.work[thread]
        const answer = await ask(asked, { kind: 'sync', id, taker, work, task, columnsOfPart: columns })
        if (answer.kind === 'failed') {
          failure = answer.reason
          abandonParts(counts)
        }
        return answer
      }),
    )
    return answers.some((answer) => answer.kind === 'done' && answer.foundNaN)
  }

  const run = async (sorted: WeightVectors, w: WeightVectors, out: Float32Array): Promise<void> => {
    if (closed) throw new Error('The pool is closed.')
    throwBreach(syncBreach(sorted, w, out))
    if (w.values.length === 0) return
    const residence = residences.find(sorted, w, out)
    if (w.length === 1) {
      throwIfDiverged(w)
      out.set(sorted.values)
      return
    }
    const foundNaN =
      failure === null && (await share(residence, wholeMatrix(residence.layout, sorted, w, out)))
    if (failure !== null)
      throw new Error(`A thread of the pool failed: ${failure}. Close the pool and make another.`)
    if (foundNaN) throwIfDiverged(w)
  }
  return {
    threads: threads.length,
    note: null,
    allocate: residences.allocate,
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
    makeKernel(0),
    TE.map((kernel) => {
      const wasmSync = makeWasmSync(kernel)
      return {
        threads: 1,
        note,
        allocate: wasmSync.allocate,
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
