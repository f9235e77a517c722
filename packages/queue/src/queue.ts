/**
 * The contract of a queue: jobs go in once, workers take them, and whatever happens to a worker every job ends.
 *
 * A queue knows nothing of training: a job is a plain record with an identity. The local queue is `makeLocalQueue`; one for many machines is
 * a package of its own. `checkQueue` of `@laperm/conformance/queue` are the laws that each keeps.
 */
import type { either as E, taskEither as TE } from 'fp-ts'
import type { QueueError } from './queue-errors.ts'

/** What is to be done, as JSON. */
export interface QueueJob {
  /** Tells it from all others: up to 200 letters, digits, `_` and `-`. */
  readonly identity: string
}

/**
 * A job out of an unknown value, or which rule it breaks in a sentence without a full stop. A queue that outlives its program holds jobs of
 * other versions, which this refuses.
 */
export type ParseJob<Job extends QueueJob> = (value: unknown) => E.Either<string, Job>

/** What every queue is made with. */
export interface QueueOptions<Job extends QueueJob> {
  readonly parseJob: ParseJob<Job>
  /** A claim that has not been extended for this long is lost, and its job is given to another. Default: {@link defaultLeaseMs}. */
  readonly leaseMs?: number
}

/** Far longer than a busy machine keeps a worker from extending its lease. */
export const defaultLeaseMs = 60_000

/** How often a job is given again after a lost lease or a failure that was worth another try: four times in all. */
export const mostRetries = 3

/** Whether a claim still holds. After `lost` the job is another's, or has ended: nothing must be written for it any more. */
export type Lease = 'held' | 'lost'

/** A job in the hands of one worker. */
export interface Claim<Job extends QueueJob> {
  readonly job: Job
  /** 1 at first, one more after each lost lease and each failure that was worth another try. A job that was given back keeps it. */
  readonly attempt: number
  /** Extend well within this time. */
  readonly leaseMs: number
  /** Start the lease anew. */
  readonly extend: TE.TaskEither<QueueError, Lease>
  /**
   * The job is done; it is never given again.
   *
   * @param result kept with the job, a few words: `finished`, `diverged`.
   * @returns `lost` when the job is no longer this claim's: its end is another's to tell.
   */
  readonly finish: (result: string) => TE.TaskEither<QueueError, Lease>
  /**
   * The job failed.
   *
   * @param reason for people, kept with the job.
   * @param next `again` gives it to a worker once more, unless it has been given again {@link mostRetries} times; `final` never does.
   */
  readonly fail: (reason: string, next: 'again' | 'final') => TE.TaskEither<QueueError, Lease>
  /** Nothing happened to the job, but this worker stops: it waits for another one, before all that wait, and no attempt is counted. */
  readonly giveBack: TE.TaskEither<QueueError, Lease>
}

/** How a job stands. */
export type JobState =
  | { readonly kind: 'waiting' | 'active'; readonly attempt: number }
  | { readonly kind: 'finished'; readonly result: string }
  /** For good: by a failure that was final, or after the last attempt. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Jobs in each state. */
export type QueueCounts = Readonly<Record<JobState['kind'], number>>

/** How jobs are added. */
export interface AddOptions {
  /** Jobs that ended so are put in as if they were new: failed ones to try them again, finished ones whose results are gone. Default: none. */
  readonly again?: readonly ('finished' | 'failed')[]
}

/** What became of jobs that were added. */
export interface Added {
  readonly added: number
  /** Known already, in whatever state, and left as they are. */
  readonly known: number
}

/**
 * A queue, or this process's hold on one that others share. First in, first out: jobs that were never given go out in the order in which
 * they were added. Any number of workers may call it at once.
 */
export interface Queue<Job extends QueueJob> {
  /** For people, without secrets: `local`, `redis at host:6379`. */
  readonly name: string
  /**
   * Put jobs in. Each is parsed first, and all or none are added.
   *
   * @returns `Left(JobRefused)` with the first that `parseJob` refuses.
   */
  readonly add: (jobs: readonly Job[], options?: AddOptions) => TE.TaskEither<QueueError, Added>
  /**
   * Take the next job; waits until there is one. A job that was stored by another program and that `parseJob` refuses is not given to anybody but
   * fails for good, with the refusal as its reason.
   *
   * @param signal ends the waiting.
   * @returns null when the signal was aborted or the queue closed.
   */
  readonly claim: (signal?: AbortSignal) => TE.TaskEither<QueueError, Claim<Job> | null>
  readonly counts: TE.TaskEither<QueueError, QueueCounts>
  /** How a job stands; null for one that was never added. */
  readonly stateOf: (identity: string) => TE.TaskEither<QueueError, JobState | null>
  /**
   * Let go. Whoever waits or comes for a job is answered null, claims are answered `lost` from now on, and every other call but a second `close` is
   * answered `Left(QueueClosed)`. What a shared queue holds stays in it.
   */
  readonly close: () => Promise<void>
}
