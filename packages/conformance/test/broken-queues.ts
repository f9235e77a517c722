/** Queues with one fault each, made from the local one, and the laws that each must break: those and no others. */
import { type Claim, makeLocalQueue, type Queue, type QueueJob, type QueueOptions } from '@laperm/queue'
import { either as E, taskEither as TE } from 'fp-ts'
import type { LawJob, QueueLawName, QueueSubject } from '../src/queue/index.ts'

type MakeQueue = (options: QueueOptions<LawJob>) => Queue<LawJob>

/** The subject of a queue that lives in this process: every hold on it is the same one. */
export const localSubject = (
  name: string,
  makeQueue: MakeQueue,
  store?: (queue: Queue<LawJob>, value: QueueJob) => Promise<void>,
): QueueSubject => ({
  name,
  make: async (options) => {
    const queue = makeQueue(options)
    return {
      open: async () => queue,
      ...(store === undefined ? {} : { store: (value) => store(queue, value) }),
      remove: () => queue.close(),
    }
  },
})

/** A queue whose claims are changed. */
const changing =
  (change: (claim: Claim<LawJob>) => Claim<LawJob>): MakeQueue =>
  (options) => {
    const queue = makeLocalQueue(options)
    return {
      ...queue,
      claim: (signal) =>
        TE.map((claim: Claim<LawJob> | null) => (claim === null ? null : change(claim)))(queue.claim(signal)),
    }
  }

/** A queue with other functions in place of its own. */
const replacing =
  (replace: (queue: Queue<LawJob>, options: QueueOptions<LawJob>) => Partial<Queue<LawJob>>): MakeQueue =>
  (options) => {
    const queue = makeLocalQueue(options)
    return { ...queue, ...replace(queue, options) }
  }

/** One fault. */
export interface BrokenQueue {
  /** Completes "a queue that ...". */
  readonly fault: string
  readonly make: MakeQueue
  readonly breaks: readonly QueueLawName[]
  readonly store?: (queue: Queue<LawJob>, value: QueueJob) => Promise<void>
}

export const brokenQueues: readonly BrokenQueue[] = [
  {
    fault: 'gives the last job first',
    make: replacing((queue) => ({ add: (jobs, options) => queue.add(jobs.toReversed(), options) })),
    breaks: [
      'jobs are given in the order in which they were added',
      'known identities are not added twice',
      'jobs that have ended are put in again on demand',
      'a final failure is final',
      'a job that is given back is next, and counts no attempt',
    ],
  },
  {
    fault: 'never takes a job back',
    make: (options) => makeLocalQueue({ ...options, leaseMs: 1e6 }),
    breaks: [
      'a lease that runs out gives the job to another, as the next attempt',
      'a late worker learns that it lost the job, and ends nothing',
      'after the last retry the job has failed',
      'lost leases alone make a job fail too',
    ],
  },
  {
    fault: 'takes a lease for lost however often it is extended',
    make: changing((claim) => ({ ...claim, extend: TE.right('held') })),
    breaks: [
      "a job is in one worker's hands while its lease is extended",
      'a late worker learns that it lost the job, and ends nothing',
      'a job that is given back is next, and counts no attempt',
    ],
  },
  {
    fault: 'tells a late worker that it still holds the job',
    make: changing((claim) => ({
      ...claim,
      extend: TE.map(() => 'held' as const)(claim.extend),
      finish: (result) => TE.map(() => 'held' as const)(claim.finish(result)),
    })),
    breaks: [
      'a late worker learns that it lost the job, and ends nothing',
      'a job ends once',
      'a job that is given back is next, and counts no attempt',
    ],
  },
  {
    fault: 'does not number attempts',
    make: changing((claim) => ({ ...claim, attempt: 1 })),
    breaks: [
      'a lease that runs out gives the job to another, as the next attempt',
      'after the last retry the job has failed',
    ],
  },
  {
    fault: 'takes every failure for final',
    make: changing((claim) => ({ ...claim, fail: (reason) => claim.fail(reason, 'final') })),
    breaks: ['after the last retry the job has failed'],
  },
  {
    fault: 'takes no failure for final',
    make: changing((claim) => ({ ...claim, fail: (reason) => claim.fail(reason, 'again') })),
    breaks: [
      'known identities are not added twice',
      'jobs that have ended are put in again on demand',
      'a final failure is final',
      'counts are those of the states',
    ],
  },
  {
    fault: 'gives a failed job again for ever',
    make: (options) => {
      const queue = makeLocalQueue(options)
      const again = new Map<string, number>()
      const counting = (claim: Claim<LawJob>): Claim<LawJob> => {
        const { identity } = claim.job
        const earlier = again.get(identity) ?? 0
        return {
          ...claim,
          attempt: claim.attempt + earlier,
          fail: (reason, next) => {
            if (next === 'again') again.set(identity, earlier + 1)
            return next === 'again' ? claim.giveBack : claim.fail(reason, next)
          },
        }
      }
      return {
        ...queue,
        claim: (signal) =>
          TE.map((claim: Claim<LawJob> | null) => (claim === null ? null : counting(claim)))(
            queue.claim(signal),
          ),
      }
    },
    breaks: ['after the last retry the job has failed'],
  },
  {
    fault: 'gives every job to two workers at once',
    make: (options) => {
      const queue = makeLocalQueue(options)
      let last: Claim<LawJob> | null = null
      return {
        ...queue,
        claim: (signal) => async () => {
          const twice = last
          last = null
          if (twice !== null && E.isRight(await twice.extend())) return E.right(twice)
          const claimed = await queue.claim(signal)()
          if (E.isRight(claimed)) last = claimed.right
          return claimed
        },
      }
    },
    breaks: [
      'jobs are given in the order in which they were added',
      "a job is in one worker's hands while its lease is extended",
      'a lease that runs out gives the job to another, as the next attempt',
      'a late worker learns that it lost the job, and ends nothing',
      'a job ends once',
      'known identities are not added twice',
      'jobs that have ended are put in again on demand',
      'after the last retry the job has failed',
      'lost leases alone make a job fail too',
      'a final failure is final',
      'counts are those of the states',
    ],
  },
  {
    fault: 'counts what is given back as a failure',
    make: changing((claim) => ({ ...claim, giveBack: claim.fail('given back', 'again') })),
    breaks: ['a job that is given back is next, and counts no attempt'],
  },
  {
    fault: 'adds what has ended again',
    make: replacing((queue) => ({ add: (jobs) => queue.add(jobs, { again: ['finished', 'failed'] }) })),
    breaks: ['known identities are not added twice', 'jobs that have ended are put in again on demand'],
  },
  {
    fault: 'never adds what has ended again',
    make: replacing((queue) => ({ add: (jobs) => queue.add(jobs) })),
    breaks: ['jobs that have ended are put in again on demand'],
  },
  {
    fault: 'parses nothing',
    make: (options) => makeLocalQueue({ ...options, parseJob: (value) => E.right(value as LawJob) }),
    breaks: ['a job of another version is refused, and nothing of its batch is added'],
  },
  {
    fault: 'counts active jobs as waiting',
    make: replacing((queue) => ({
      counts: TE.map(
        ({
          waiting,
          active,
          ...ended
        }: {
          waiting: number
          active: number
          finished: number
          failed: number
        }) => ({
          waiting: waiting + active,
          active: 0,
          ...ended,
        }),
      )(queue.counts),
    })),
    breaks: ['counts are those of the states'],
  },
  {
    fault: 'leaves whoever waits in the dark when it is closed',
    make: replacing((queue) => ({ close: async () => undefined, claim: queue.claim })),
    breaks: ['whoever waits is told when it is over'],
  },
  {
    fault: 'looks for jobs only when it is asked',
    make: replacing((queue) => ({
      claim: (signal) => async () => {
        const counts = await queue.counts()
        const isEmpty = E.isRight(counts) && counts.right.waiting === 0
        return isEmpty ? E.right(null) : queue.claim(signal)()
      },
    })),
    breaks: [
      'a job that is added later is given to whoever waits',
      'a lease that runs out gives the job to another, as the next attempt',
      'a late worker learns that it lost the job, and ends nothing',
      'after the last retry the job has failed',
      'lost leases alone make a job fail too',
    ],
  },
  {
    fault: 'gives away what another version has stored',
    make: (options) => makeLocalQueue({ ...options, parseJob: (value) => E.right(value as LawJob) }),
    store: async (queue, value) => {
      await queue.add([value as LawJob])()
    },
    breaks: [
      'a job of another version is refused, and nothing of its batch is added',
      'a stored job of another version is given to nobody and fails',
    ],
  },
]
