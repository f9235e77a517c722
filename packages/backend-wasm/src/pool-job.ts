/**
 * What a pool's threads are asked, and the thread's side of it. The same in Node and in browsers.
 */
import { either as E } from 'fp-ts'
import { compileKernel, type Instantiate, type KernelFunctions, type KernelMemory } from './kernel.ts'
import type { SyncInMemory } from './memory-layout.ts'
import { type PartTaker, syncParts } from './pool-parts.ts'
import { sharedKernelBase64 } from './shared-kernel-binary.ts'

/** Keep a memory under a number: no answer. Or synchronize, together with the threads that are asked the same: one answer. */
export type PoolJob =
  | { readonly kind: 'memory'; readonly id: number; readonly memory: KernelMemory }
  | {
      readonly kind: 'sync'
      readonly id: number
      readonly taker: PartTaker
      /** Address of this thread's work space. */
      readonly work: number
      readonly task: SyncInMemory
      readonly columnsOfPart: number
    }

/** A thread's answer: it is ready, a job is done (and whether NaN was found), or what went wrong. */
export type PoolAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly foundNaN: boolean }
  | { readonly kind: 'failed'; readonly reason: string }

/** A thread's memories, and the kernel's functions for each that was worked in. */
const makeServant = (instantiate: Instantiate) => {
  const memories = new Map<number, KernelMemory>()
  const functions = new Map<number, KernelFunctions>()
  const functionsFor = (id: number): KernelFunctions => {
    const memory = memories.get(id)
    if (memory === undefined) throw new RangeError(`there is no memory ${id}`)
    const run = functions.get(id) ?? instantiate(memory)
    functions.set(id, run)
    return run
  }
  return (job: PoolJob): PoolAnswer | undefined => {
    switch (job.kind) {
      case 'memory':
        memories.set(job.id, job.memory)
        return undefined
      case 'sync': {
        const { id, taker, work, task, columnsOfPart } = job
        return { kind: 'done', foundNaN: syncParts(functionsFor(id), taker, work, task, columnsOfPart) }
      }
      default:
        return job satisfies never
    }
  }
}

/** Serve jobs on a thread: an instance of the kernel of its own for each memory. */
export const servePool = async (
  onJob: (serve: (job: PoolJob) => void) => void,
  answer: (answer: PoolAnswer) => void,
): Promise<void> => {
  const made = await compileKernel(sharedKernelBase64)()
  if (E.isLeft(made)) {
    answer({ kind: 'failed', reason: `${made.left.reason}. ${made.left.remedy}` })
    return
  }
  const serve = makeServant(made.right)
  onJob((job) => {
    try {
      const answered = serve(job)
      if (answered !== undefined) answer(answered)
    } catch (error) {
      answer({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  })
  answer({ kind: 'ready' })
}
