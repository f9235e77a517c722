/**
 * The queue on Redis, by BullMQ's manual calls: a job's lock is its lease, and whoever waits for jobs also looks for leases that ran out.
 *
 * What was done is known by the results, never by this queue: a job that ended is forgotten after a month, and whoever puts it in again finds
 * it done.
 */
import { randomUUID } from 'node:crypto'
import {
  type AddOptions,
  checkJob,
  defaultLeaseMs,
  type JobState,
  jobRefused,
  mostRetries,
  type Queue,
  type QueueError,
  type QueueJob,
  type QueueOptions,
  queueClosed,
} from '@laperm/queue'
import { type Job as BullJob, Queue as BullQueue, UnrecoverableError, Worker } from 'bullmq'
import { either as E, type taskEither as TE } from 'fp-ts'
import { fetchJobs } from './fetch-jobs.ts'
import { attemptOf, makeClaim } from './redis-claim.ts'
import { connectRedis, type RedisConnection } from './redis-connection.ts'
import type { RedisEndpoint } from './redis-endpoint.ts'
import { neutralRedisRemedies, type RedisRemedies } from './redis-problem.ts'

/** What the queue on Redis is made with. */
export interface RedisQueueOptions<Job extends QueueJob> extends QueueOptions<Job> {
  readonly endpoint: RedisEndpoint
  /** Keys begin with it: queues of one Redis are told apart by it. Default: `laperm`. */
  readonly prefix?: string
  /** A connection that was lost is tried again for this long; then every call is answered `Left`. Default: five minutes. */
  readonly patienceMs?: number
  /**
   * A connection on which Redis does not answer for this long is taken for dead, and made anew; longer than a question for jobs waits. Default:
   * a third of the lease, at least 8 s and at most 30.
   */
  readonly silenceMs?: number
  /** Certificate of an authority that is trusted beside those of Node, as PEM, for `rediss://`. Default: none. */
  readonly authority?: string | null
  /** Where a person who reads an error gives a password and an authority. Default: {@link neutralRedisRemedies}. */
  readonly remedies?: RedisRemedies
  /** Told, in a sentence, that the connection is lost, that it is back, and which jobs are refused. Default: nobody is. */
  readonly report?: (message: string) => void
}

const queueName = 'jobs'
const defaultPatienceMs = 300_000
/** How long ended jobs stay known. */
const keptSeconds = 30 * 24 * 3600
/** Redis is busy with one batch at a time. */
const batchSize = 500
/** A question for jobs blocks this long. */
const waitSeconds = 5
const usualSilenceMs = (leaseMs: number): number => Math.min(30_000, Math.max(8000, leaseMs / 3))
/** Fewer than BullMQ's 10,000: nobody listens. */
const keptEvents = 100

const jobOptions = (identity: string) => ({
  jobId: identity,
  // Our own count decides.
  attempts: mostRetries + 2,
  removeOnComplete: { age: keptSeconds },
  removeOnFail: { age: keptSeconds },
  stackTraceLimit: 0,
})

const endedStates = { completed: 'finished', failed: 'failed' } as const

const stateOfJob = async (bull: BullJob): Promise<JobState | null> => {
  const state = await bull.getState()
  switch (state) {
    case 'completed':
      return { kind: 'finished', result: String(bull.returnvalue) }
    case 'failed':
      return { kind: 'failed', reason: bull.failedReason ?? 'unknown' }
    case 'unknown':
      return null
    default:
      return { kind: state === 'active' ? 'active' : 'waiting', attempt: attemptOf(bull) }
  }
}

/** Split into parts of at most this many. */
const inBatches = <A>(all: readonly A[]): readonly (readonly A[])[] =>
  Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) =>
    all.slice(i * batchSize, (i + 1) * batchSize),
  )

const makeQueue = <Job extends QueueJob>(
  connection: RedisConnection,
  { endpoint, parseJob, leaseMs = defaultLeaseMs, prefix = 'laperm', report }: RedisQueueOptions<Job>,
): Queue<Job> => {
  const { name } = endpoint
  const base = { connection: connection.client, prefix, skipVersionCheck: true }
  const bulls = new BullQueue(queueName, { ...base, streams: { events: { maxLen: keptEvents } } })
  // The connection's own errors are told by what fails for them.
  bulls.on('error', () => undefined)
  let worker: Worker | undefined
  let isClosed = false

  const startWorker = async (): Promise<Worker> => {
    if (worker === undefined) {
      worker = new Worker(queueName, null, {
        ...base,
        autorun: false,
        lockDuration: leaseMs,
        stalledInterval: leaseMs / 2,
        maxStalledCount: mostRetries,
        drainDelay: waitSeconds,
      })
      worker.on('error', () => undefined)
      await worker.startStalledCheckTimer()
    }
    return worker
  }
  const ask =
    <A>(question: () => Promise<A>): TE.TaskEither<QueueError, A> =>
    async () => {
      if (isClosed) return E.left(queueClosed(name))
      const answer = await connection.ask(question)
      return isClosed && E.isLeft(answer) ? E.left(queueClosed(name)) : answer
    }

  /** The next job that is one of ours and has an attempt left; null where none came for a while. */
  const takeNext = ask(async () => {
    // BullMQ goes on waiting over a connection that was given up.
    if (connection.isOver()) throw new Error('Connection is closed.')
    const token = randomUUID()
    const bull: BullJob | undefined = await (await startWorker()).getNextJob(token)
    if (bull === undefined) return null
    const refuse = (reason: string) => bull.moveToFailed(new UnrecoverableError(reason), token, false)
    const parsed = checkJob(bull.data, parseJob)
    if (E.isRight(parsed) && attemptOf(bull) <= mostRetries + 1)
      return makeClaim({
        bull,
        reload: () => bulls.getJob(String(bull.id)),
        job: parsed.right,
        token,
        leaseMs,
        connection,
        isClosed: () => isClosed,
      })
    const reason = E.isLeft(parsed)
      ? parsed.left
      : `its lease of ${leaseMs / 1000} s ran out ${mostRetries + 1} times`
    await refuse(reason)
    report?.(`Job ${bull.id} of ${name} has failed: ${reason}.`)
    return null
  })
  const fetcher = fetchJobs<Job>(async () => {
    const answer = await takeNext()
    return isClosed ? E.right(null) : answer
  })

  /** Those of a batch that are to be put in: unknown, or ended in a way that is put in again. */
  const addBatch = async (jobs: readonly Job[], again: NonNullable<AddOptions['again']>): Promise<number> => {
    const found = await Promise.all(jobs.map(({ identity }) => bulls.getJob(identity)))
    const isNew = await Promise.all(
      found.map(async (bull: BullJob | undefined) => {
        if (bull === undefined) return true
        // Of one that waits its state would be looked for along the whole queue.
        if (bull.finishedOn === undefined) return false
        const state = await bull.getState()
        if (state !== 'completed' && state !== 'failed') return false
        if (!again.includes(endedStates[state])) return false
        await bull.remove()
        return true
      }),
    )
    const added = jobs.filter((_, i) => isNew[i])
    await bulls.addBulk(added.map((job) => ({ name: 'job', data: job, opts: jobOptions(job.identity) })))
    return added.length
  }

  return {
    name,
    add:
      (jobs, { again = [] } = {}) =>
      async () => {
        const parsed = new Map<string, Job>()
        for (const job of jobs) {
          const checked = checkJob(job, parseJob)
          if (E.isLeft(checked))
            return E.left(isClosed ? queueClosed(name) : jobRefused(String(job.identity), checked.left))
          if (!parsed.has(job.identity)) parsed.set(job.identity, checked.right)
        }
        return ask(async () => {
          let added = 0
          for (const batch of inBatches([...parsed.values()])) added += await addBatch(batch, again)
          return { added, known: jobs.length - added }
        })()
      },
    claim: fetcher.claim,
    counts: ask(async () => {
      const counts = await bulls.getJobCounts(
        'wait',
        'delayed',
        'prioritized',
        'active',
        'completed',
        'failed',
      )
      const { active, completed, failed, ...waiting } = counts
      return {
        waiting: Object.values(waiting).reduce((sum, count) => sum + count, 0),
        active,
        finished: completed,
        failed,
      }
    }),
    stateOf: (identity) =>
      ask(async () => {
        const bull: BullJob | undefined = await bulls.getJob(identity)
        return bull === undefined ? null : stateOfJob(bull)
      }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      fetcher.stop()
      await worker?.close(true)
      await bulls.close()
      connection.close()
    },
  }
}

/**
 * Open this process's hold on a queue of Redis.
 *
 * @returns `Left(QueueUnavailable)` where Redis cannot be reached, refuses, or would throw jobs away; its texts hold no password.
 */
export const openRedisQueue =
  <Job extends QueueJob>(options: RedisQueueOptions<Job>): TE.TaskEither<QueueError, Queue<Job>> =>
  async () => {
    const {
      endpoint,
      leaseMs = defaultLeaseMs,
      patienceMs = defaultPatienceMs,
      silenceMs = usualSilenceMs(leaseMs),
      authority = null,
      remedies = neutralRedisRemedies,
      report = () => undefined,
    } = options
    const connection = { patienceMs, silenceMs, authority, remedies, report }
    const connected = await connectRedis(endpoint, connection)()
    return E.isLeft(connected) ? connected : E.right(makeQueue(connected.right, options))
  }
