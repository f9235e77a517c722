/** The queue of one process: everything in memory, gone with it. What was done is known by the results, never by this queue. */
import { either as E } from 'fp-ts'
import { checkJob } from './check-job.ts'
import {
  type Added,
  type Claim,
  defaultLeaseMs,
  type JobState,
  type Lease,
  mostRetries,
  type ParseJob,
  type Queue,
  type QueueCounts,
  type QueueJob,
  type QueueOptions,
} from './queue.ts'
import { jobRefused, type QueueError, queueClosed } from './queue-errors.ts'

interface Entry<Job> {
  readonly job: Job
  state: JobState
  /** Counts claims: only the last one holds. */
  claims: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** A timer that comes this much too late, as a share of the lease, tells that the process itself was stopped: its workers were too. */
const stoppedShare = 0.5

/** What a local queue is made with. */
export interface LocalQueueOptions<Job extends QueueJob> extends Partial<QueueOptions<Job>> {
  /** Left out where the program itself makes the jobs: what their types say is all there is to check. */
  readonly parseJob?: ParseJob<Job>
}

/**
 * Make the queue of one process.
 *
 * Leases run on the process's monotonic clock, so that a clock that jumps changes nothing. Where the whole process was stopped (Ctrl-Z, a
 * laptop that slept), leases begin anew.
 */
export const makeLocalQueue = <Job extends QueueJob>({
  parseJob,
  leaseMs = defaultLeaseMs,
}: LocalQueueOptions<Job> = {}): Queue<Job> => {
  const name = 'local'
  const entries = new Map<string, Entry<Job>>()
  /** In the order in which they are given: a Set keeps that of insertion. */
  let waiting = new Set<Entry<Job>>()
  const waiters = new Set<(claim: Claim<Job> | null) => void>()
  let isClosed = false

  const closed = (): E.Either<QueueError, never> => E.left(queueClosed(name))

  /** Give waiting jobs to whoever waits, both in their order. */
  const serve = (): void => {
    for (const answer of waiters) {
      const [entry] = waiting
      if (entry === undefined) return
      waiting.delete(entry)
      waiters.delete(answer)
      answer(claimOf(entry))
    }
  }

  const enqueue = (entry: Entry<Job>, attempt: number): void => {
    entry.state = { kind: 'waiting', attempt }
    waiting.add(entry)
    serve()
  }

  /** Give a job again, or none more. It waits behind those that were never given. */
  const retry = (entry: Entry<Job>, attempt: number, reason: string): void => {
    if (attempt <= mostRetries) enqueue(entry, attempt + 1)
    else entry.state = { kind: 'failed', reason }
  }

  const claimOf = (entry: Entry<Job>): Claim<Job> => {
    const { job } = entry
    const attempt = entry.state.kind === 'waiting' ? entry.state.attempt : 1
    entry.claims++
    const claimed = entry.claims
    entry.state = { kind: 'active', attempt }
    const startLease = (): void => {
      clearTimeout(entry.timer)
      const due = performance.now() + leaseMs
      entry.timer = setTimeout(() => {
        if (performance.now() > due + stoppedShare * leaseMs) startLease()
        else retry(entry, attempt, `its lease of ${leaseMs / 1000} s ran out ${mostRetries + 1} times`)
      }, leaseMs)
      entry.timer.unref()
    }
    startLease()
    /** Do it while this claim holds. */
    const holding = (act: () => void) => async (): Promise<E.Either<QueueError, Lease>> => {
      if (isClosed || entry.claims !== claimed || entry.state.kind !== 'active') return E.right('lost')
      act()
      return E.right('held')
    }
    const ending = (act: () => void) =>
      holding(() => {
        clearTimeout(entry.timer)
        act()
      })
    return {
      job,
      attempt,
      leaseMs,
      extend: holding(startLease),
      finish: (result) =>
        ending(() => {
          entry.state = { kind: 'finished', result }
        }),
      fail: (reason, next) =>
        ending(() => {
          if (next === 'again') retry(entry, attempt, reason)
          else entry.state = { kind: 'failed', reason }
        }),
      giveBack: ending(() => {
        waiting = new Set([entry, ...waiting])
        entry.state = { kind: 'waiting', attempt }
        serve()
      }),
    }
  }

  return {
    name,
    add:
      (jobs, { again = [] } = {}) =>
      async () => {
        if (isClosed) return closed()
        const parsed: Job[] = []
        for (const job of jobs) {
          const checked = checkJob(job, parseJob ?? (() => E.right(job)))
          if (E.isLeft(checked)) return E.left(jobRefused(String(job.identity), checked.left))
          parsed.push(checked.right)
        }
        let added = 0
        for (const job of parsed) {
          const known = entries.get(job.identity)
          if (known !== undefined && !again.some((kind) => kind === known.state.kind)) continue
          const entry: Entry<Job> = {
            job,
            state: { kind: 'waiting', attempt: 1 },
            claims: 0,
            timer: undefined,
          }
          entries.set(job.identity, entry)
          waiting.add(entry)
          added++
        }
        serve()
        return E.right({ added, known: parsed.length - added } satisfies Added)
      },
    claim: (signal) => () =>
      new Promise((resolve) => {
        const leave = (): void => answer(null)
        const answer = (claim: Claim<Job> | null): void => {
          waiters.delete(answer)
          signal?.removeEventListener('abort', leave)
          resolve(E.right(claim))
        }
        if (isClosed || signal?.aborted === true) return answer(null)
        signal?.addEventListener('abort', leave)
        waiters.add(answer)
        serve()
      }),
    counts: async () => {
      if (isClosed) return closed()
      const counts = { waiting: 0, active: 0, finished: 0, failed: 0 }
      for (const { state } of entries.values()) counts[state.kind]++
      return E.right(counts satisfies QueueCounts)
    },
    stateOf: (identity) => async () => (isClosed ? closed() : E.right(entries.get(identity)?.state ?? null)),
    close: async () => {
      isClosed = true
      for (const { timer } of entries.values()) clearTimeout(timer)
      for (const answer of waiters) answer(null)
    },
  }
}
