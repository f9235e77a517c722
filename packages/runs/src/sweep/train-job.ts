/** One job in the hands of one worker process: the lease lives while the worker speaks, and the queue learns what became of it. */
import type { Claim, Lease, QueueError } from '@laperm/queue'
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { findRun } from '../find-run.ts'
import type { RunJob } from '../queue/run-job.ts'
import { failRun, freeRun } from './fail-run.ts'
import type { WorkEvent } from './work-event.ts'
import type { JobEnd, TrainingOptions, WorkerReport } from './worker-messages.ts'
import type { WorkerProcess } from './worker-process.ts'

/** What becomes of a run that another process trains. */
export interface BusyOptions {
  /** How long to wait before it is looked at again. Default: 5 s; of a lease at most a half. */
  readonly busyMs?: number
  /** Look again as long as it takes, and work on others meanwhile. Default: some times, then it counts as busy. */
  readonly busyWaits?: boolean
}

/** Where runs are kept besides their directories. */
export interface KeepOptions {
  /** A run whose last worker died is marked there as failed, too. Default: nowhere. */
  readonly store?: ObjectStore | null
}

/** What training a job needs of the one who works the queue off. */
export interface TrainJobContext {
  readonly options: TrainingOptions & BusyOptions & KeepOptions
  readonly observe: (event: WorkEvent) => void
  /** Hears everything that the worker says. */
  readonly hear: (report: WorkerReport) => void
  /** The queue's answer; null when it fails. */
  readonly ask: <A>(task: () => Promise<E.Either<QueueError, A>>) => Promise<A | null>
  /** Whether the queue has given the job up. */
  readonly hasFailed: (identity: string) => Promise<boolean>
  /** Something that is awaited before all is over, and takes no worker. @param act ends early when the signal aborts. */
  readonly later: (act: (over: AbortSignal) => Promise<void>) => void
}

type EndOnDisk = Extract<JobEnd, { readonly kind: 'finished' | 'diverged' }>

/** Of a lease: how long a worker may be silent before it is taken for dead, and how often the lease is extended. */
const silentShare = 0.7
const extendShare = 0.2
const usualBusyMs = 5000
const busyShare = 0.5

const pause = (milliseconds: number, over?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      over?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    if (over?.aborted === true) end()
    else over?.addEventListener('abort', end)
  })

/** What the run has come to, where its worker wrote that down and died before it could say so. */
const unsaidEnd = async ({ directory, identity }: RunJob): Promise<EndOnDisk | null> => {
  const found = await findRun(directory, identity)()
  if (E.isLeft(found) || found.right === null) return null
  const { kind } = found.right
  return kind === 'finished' || kind === 'diverged'
    ? { kind, summary: found.right.summary, isOld: false }
    : null
}

/** The worker is gone: the job goes to another, unless it was done, was lost before, or this was its last attempt. */
const endCrashed = async (
  { job, fail, finish }: Claim<RunJob>,
  reason: string,
  { options, ask, hasFailed, observe }: TrainJobContext,
): Promise<void> => {
  const end = await unsaidEnd(job)
  if (end !== null)
    return observe(
      (await ask(finish(end.kind))) === 'held' ? { kind: 'ended', job, end } : { kind: 'lost', job },
    )
  await freeRun(job)
  if ((await ask(fail(reason, 'again'))) !== 'held') return observe({ kind: 'lost', job })
  const isLast = await hasFailed(job.identity)
  const unsaid = isLast ? await failRun(job, reason, options.store ?? null) : null
  if (unsaid !== null)
    observe({ kind: 'warning', job, message: `that it failed could not be written down: ${unsaid}` })
  observe({ kind: 'crashed', job, reason, isLast })
}

/** Another process trains the run: look again later. */
const endBusy = async (
  claim: Claim<RunJob>,
  end: JobEnd & { readonly kind: 'busy' },
  { options, ask, hasFailed, observe, later }: TrainJobContext,
): Promise<void> => {
  const busyMs = Math.min(busyShare * claim.leaseMs, options.busyMs ?? usualBusyMs)
  if (options.busyWaits === true) {
    observe({ kind: 'warning', job: claim.job, message: `${end.message} It is looked at again.` })
    return later(async (over) => {
      await pause(busyMs, over)
      await ask(claim.giveBack)
    })
  }
  await pause(busyMs)
  const lease = await ask(claim.fail(end.message, 'again'))
  if (lease === 'held' && (await hasFailed(claim.job.identity)))
    observe({ kind: 'ended', job: claim.job, end })
}

const settle = (
  claim: Claim<RunJob>,
  end: Exclude<JobEnd, { readonly kind: 'busy' }>,
): Claim<RunJob>['extend'] => {
  switch (end.kind) {
    case 'finished':
    case 'diverged':
      return claim.finish(end.kind)
    case 'interrupted':
      return claim.giveBack
    case 'failed':
      return claim.fail(end.message, 'final')
    default:
      return end satisfies never
  }
}

/** Train a claimed job and tell the queue. */
export const trainJob = async (
  worker: WorkerProcess,
  claim: Claim<RunJob>,
  context: TrainJobContext,
): Promise<void> => {
  const { job, attempt, leaseMs } = claim
  const { ask, observe, hear } = context
  let lease: Lease | null = 'held'
  let spokeAt = performance.now()
  const extending = setInterval(async () => {
    if (performance.now() - spokeAt > silentShare * leaseMs) return worker.kill()
    lease = await ask(claim.extend)
    // Whatever it would write now is another's to write.
    if (lease === 'lost') worker.kill()
  }, leaseMs * extendShare)
  observe({ kind: 'began', job, attempt })
  const end = await worker.train(job, context.options, (report) => {
    spokeAt = performance.now()
    hear(report)
    if (report.kind === 'progress') observe({ kind: 'progress', job, progress: report.progress })
    else if (report.kind === 'warning') observe({ kind: 'warning', job, message: report.message })
  })
  clearInterval(extending)
  if (end.kind === 'crashed') {
    // Its lock is free once it has ended.
    await worker.ended
    return endCrashed(claim, end.reason, context)
  }
  if (end.kind === 'busy') return endBusy(claim, end, context)
  const settled = await ask(settle(claim, end))
  observe(settled === 'held' ? { kind: 'ended', job, end } : { kind: 'lost', job })
}
