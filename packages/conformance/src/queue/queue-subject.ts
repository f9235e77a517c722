/** What the laws of queues work with: the queue to be checked, its jobs, and short words for what its answers must be. */
import type { Claim, Lease, Queue, QueueError, QueueOptions } from '@laperm/queue'
import { either as E, type taskEither as TE } from 'fp-ts'

/** A job of the laws: its identity, and the version of the program that made it. */
export interface LawJob {
  readonly identity: string
  readonly version: number
}

/** A queue to be checked: how handles of one are opened. */
export interface QueueSubject {
  /** For the report. */
  readonly name: string
  /** A new, empty queue with this lease. */
  readonly make: (options: QueueOptions<LawJob> & { readonly leaseMs: number }) => Promise<SharedQueue>
  /** The lease of the laws; short, and longer than the queue's slowest answer. Default: 300 ms. */
  readonly leaseMs?: number
}

/** One queue, as many processes see it. */
export interface SharedQueue {
  /** Another hold on the queue. One of a single process gives the same one again. */
  readonly open: () => Promise<Queue<LawJob>>
  /** Put a value into the store as another program would, past all checks; left out where a queue has no store. */
  readonly store?: (value: { readonly identity: string }) => Promise<void>
  /** Close every handle and remove what was stored. */
  readonly remove: () => Promise<void>
}

/** The version of the laws' jobs. */
export const lawVersion = 2

/** Takes jobs of {@link lawVersion} only. */
export const parseLawJob = (value: unknown): E.Either<string, LawJob> => {
  const { identity, version } = Object(value) as Partial<LawJob>
  return version === lawVersion && typeof identity === 'string'
    ? E.right({ identity, version })
    : E.left(`its version is ${version}, not ${lawVersion}`)
}

/** Jobs with these identities. */
export const jobs = (...identities: readonly string[]): readonly LawJob[] =>
  identities.map((identity) => ({ identity, version: lawVersion }))

/** Stop with what is wrong. */
export const require = (holds: boolean, problem: string): void => {
  if (!holds) throw new Error(problem)
}

/** The answer, where there must be one. */
export const answer = async <A>(what: string, task: TE.TaskEither<QueueError, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(`${what} is answered with ${JSON.stringify(result.left)}`)
  return result.right
}

/** Require that a lease is as it must be. */
export const requireLease = async (
  what: string,
  task: TE.TaskEither<QueueError, Lease>,
  expected: Lease,
): Promise<void> => {
  const lease = await answer(what, task)
  require(lease === expected, `${what} answers '${lease}', but the claim is ${expected}`)
}

/** What {@link Queue.claim} gives when it is told to stop waiting after a while. */
export const claimWithin = async (queue: Queue<LawJob>, waitMs: number): Promise<Claim<LawJob> | null> => {
  // `AbortSignal.timeout` does not keep a process alive that waits for nothing else.
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), waitMs)
  try {
    return await answer('claim', queue.claim(abort.signal))
  } finally {
    clearTimeout(timer)
  }
}

/** The next job, within some leases. */
export const claimSoon = async (queue: Queue<LawJob>, leaseMs: number): Promise<Claim<LawJob>> => {
  const claim = await claimWithin(queue, 20 * leaseMs)
  if (claim === null) throw new Error(`no job was given within ${20 * leaseMs} ms, though one waits`)
  return claim
}

/** Require that nothing is given for a while. */
export const requireNone = async (queue: Queue<LawJob>, why: string, waitMs: number): Promise<void> => {
  const claim = await claimWithin(queue, waitMs)
  require(claim === null, `${claim?.job.identity} is given, though ${why}`)
}

/** Wait. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
