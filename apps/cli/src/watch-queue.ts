/** Watching a queue that others work off, by what it says of each job and by what is in the runs' directory. */
import { setTimeout as pause } from 'node:timers/promises'
import type { JobState, Queue } from '@laperm/queue'
import type { JobEnd, RunJob, SweepRunState, WorkEvent } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import type { Failure } from './failure.ts'
import { findRunsOf, type RunsPlace } from './find-runs-of.ts'

const lookEveryMs = 1000
/** Jobs that are asked after at once: the first that have not ended, which are those that workers have. */
const askedAtOnce = 200

/** What a job that ended in the queue has come to. */
const endOf = (state: JobState, found: SweepRunState | undefined): JobEnd => {
  if (found?.summary != null && (found.status === 'finished' || found.status === 'diverged'))
    return { kind: found.status, summary: found.summary, isOld: false }
  const reason =
    state.kind === 'failed' ? state.reason : 'the queue says that it has ended, but its run is not there'
  return { kind: 'failed', message: found?.error ?? reason, directory: null, isOld: false }
}

/** Where runs are, and which are put in. */
export interface WatchOptions extends Partial<Pick<RunsPlace, 'store'>>, Pick<RunsPlace, 'directory'> {
  readonly retryFailed: boolean
}

/**
 * Put jobs in and watch until all have ended, or the signal is aborted: then they stay in the queue. Jobs that the queue has lost meanwhile (a
 * Redis that came back without its data) are put in again.
 *
 * @param hear is told when a job is taken and when it has ended.
 */
export const watchQueue = async (
  queue: Queue<RunJob>,
  jobs: readonly RunJob[],
  { directory, store = null, retryFailed }: WatchOptions,
  signal: AbortSignal,
  hear: (event: WorkEvent) => void,
): Promise<E.Either<Failure, void>> => {
  // What the queue holds for finished is not there any more, or it would not be a job.
  const added = await queue.add(jobs, { again: retryFailed ? ['finished', 'failed'] : ['finished'] })()
  if (E.isLeft(added)) return added
  const open = new Map(jobs.map((job) => [job.identity, job]))
  const taken = new Map<string, number>()
  while (open.size > 0 && !signal.aborted) {
    const ended = new Map<RunJob, JobState>()
    const gone: RunJob[] = []
    for (const job of [...open.values()].slice(0, askedAtOnce)) {
      const asked = await queue.stateOf(job.identity)()
      if (E.isLeft(asked)) return asked
      const state = asked.right
      if (state === null) gone.push(job)
      if (state?.kind === 'finished' || state?.kind === 'failed') ended.set(job, state)
      if (state?.kind === 'active' && taken.get(job.identity) !== state.attempt) {
        taken.set(job.identity, state.attempt)
        hear({ kind: 'began', job, attempt: state.attempt })
      }
    }
    if (gone.length > 0) {
      const again = await queue.add(gone)()
      if (E.isLeft(again)) return again
      for (const job of gone) hear({ kind: 'warning', job, message: 'the queue had lost it; put in again' })
    }
    if (ended.size > 0) {
      const identities = [...ended.keys()].map(({ identity }) => identity)
      const found = await findRunsOf({ directory, store }, identities)
      if (E.isLeft(found)) return found
      for (const [job, state] of ended) {
        open.delete(job.identity)
        hear({ kind: 'ended', job, end: endOf(state, found.right.get(job.identity)) })
      }
    }
    if (open.size > 0) await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
  return E.right(undefined)
}
