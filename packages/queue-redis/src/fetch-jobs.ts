/** Gives what one blocking question after the other brings to whoever waits, in the order in which they came. */
import type { Claim, QueueError, QueueJob } from '@laperm/queue'
import { either as E } from 'fp-ts'

type Answer<Job extends QueueJob> = E.Either<QueueError, Claim<Job> | null>

/** Those who wait for a job. */
export interface JobFetcher<Job extends QueueJob> {
  readonly claim: (signal?: AbortSignal) => () => Promise<Answer<Job>>
  /** Answer null to all who wait. */
  readonly stop: () => void
}

/**
 * @param next the next job; null where none came for a while. Called by one at a time, as long as somebody waits.
 */
export const fetchJobs = <Job extends QueueJob>(next: () => Promise<Answer<Job>>): JobFetcher<Job> => {
  const waiters = new Set<(answer: Answer<Job>) => void>()
  let isFetching = false
  let isStopped = false

  const fetch = async (): Promise<void> => {
    if (isFetching) return
    isFetching = true
    try {
      while (waiters.size > 0 && !isStopped) {
        const answer = await next()
        if (E.isLeft(answer)) for (const waiter of waiters) waiter(answer)
        else if (answer.right !== null) {
          const [waiter] = waiters
          // Whoever waited has left meanwhile.
          if (waiter === undefined) await answer.right.giveBack()
          else waiter(answer)
        }
      }
    } finally {
      isFetching = false
    }
  }
  return {
    claim: (signal) => () =>
      new Promise((resolve, reject) => {
        const answer = (given: Answer<Job>): void => {
          waiters.delete(answer)
          signal?.removeEventListener('abort', leave)
          resolve(given)
        }
        const leave = (): void => answer(E.right(null))
        if (isStopped || signal?.aborted === true) return leave()
        signal?.addEventListener('abort', leave)
        waiters.add(answer)
        fetch().catch(reject)
      }),
    stop: () => {
      isStopped = true
      for (const waiter of waiters) waiter(E.right(null))
    },
  }
}
