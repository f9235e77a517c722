/**
 * What a pool's threads are asked, and the thread's side of it. The same in Node and in browsers.
 */
import type { WeightVectors } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type Kernel, makeKernel } from './kernel.ts'
import { type ColumnRange, hasNaN, syncColumns } from './wasm-sync.ts'

/** Look for NaN, or synchronize some columns. All arrays lie in shared memory. */
export type PoolJob =
  | { readonly kind: 'scan'; readonly values: Float32Array }
  | {
      readonly kind: 'sync'
      readonly sorted: WeightVectors
      readonly w: WeightVectors
      readonly out: Float32Array
      readonly range: ColumnRange
    }

/** A thread's answer: it is ready, a job is done (and whether NaN was found), or what went wrong. */
export type PoolAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly foundNaN: boolean }
  | { readonly kind: 'failed'; readonly reason: string }

const work = (kernel: Kernel, job: PoolJob): PoolAnswer => {
  switch (job.kind) {
    case 'scan':
      return { kind: 'done', foundNaN: hasNaN(kernel, job.values) }
    case 'sync':
      syncColumns(kernel, job.sorted, job.w, job.out, job.range)
      return { kind: 'done', foundNaN: false }
    default:
      return job satisfies never
  }
}

/** Serve jobs on a thread: an instance of the kernel of its own, one answer a job. */
export const servePool = async (
  onJob: (serve: (job: PoolJob) => void) => void,
  answer: (answer: PoolAnswer) => void,
): Promise<void> => {
  const made = await makeKernel()()
  if (E.isLeft(made)) {
    answer({ kind: 'failed', reason: `${made.left.reason}. ${made.left.remedy}` })
    return
  }
  onJob((job) => {
    try {
      answer(work(made.right, job))
    } catch (error) {
      answer({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  })
  answer({ kind: 'ready' })
}
