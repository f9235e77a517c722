/** One job in the hands of one worker process: the lease lives while the worker speaks, and the queue learns what became of it. */
import type { Claim, Lease, QueueError } from '@laperm/queue'
import type { either as E } from 'fp-ts'
import type { RunJob } from '../queue/run-job.ts'
import { failRun } from './fail-run.ts'
import type { WorkEvent } from './work-event.ts'
import type { JobEnd, TrainingOptions, WorkerReport } from './worker-messages.ts'
import type { WorkerProcess } from './worker-process.ts'

/** What training a job needs of the one who works the queue off. */
export interface TrainJobContext {
  readonly options: TrainingOptions & { readonly busyMs?: number }
  readonly observe: (event: WorkEvent) => void
  /** Hears everything that the worker says. */
  readonly hear: (report: WorkerReport) => void
  /** The queue's answer; null when it fails. */
  readonly ask: <A>(task: () => Promise<E.Either<QueueError, A>>) => Promise<A | null>
  /** Whether the queue has given the job up. */
  readonly hasFailed: (identity: string) => Promise<boolean>
}

/** Of a lease: how long a worker may be silent before it is taken for dead, and how often the lease is extended. */
const silentShare = 0.7
const extendShare = 0.2
/** How long to wait before a run that another process trains is looked at again; of a lease at most a half. */
const usualBusyMs = 5000
const busyShare = 0.5

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The worker is gone: the job goes to another, unless it was lost before or this was its last attempt. */
const endCrashed = async (
  { job, fail }: Claim<RunJob>,
  reason: string,
  { ask, hasFailed, observe }: TrainJobContext,
): Promise<void> => {
  if ((await ask(fail(reason, 'again'))) !== 'held') return observe({ kind: 'lost', job })
  const isLast = await hasFailed(job.identity)
  if (isLast) await failRun(job, reason)
  observe({ kind: 'crashed', job, reason, isLast })
}

/** Another process trains the run: look again later, some times. */
const endBusy = async (
  claim: Claim<RunJob>,
  end: JobEnd & { readonly kind: 'busy' },
  { options, ask, hasFailed, observe }: TrainJobContext,
): Promise<void> => {
  await pause(Math.min(busyShare * claim.leaseMs, options.busyMs ?? usualBusyMs))
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
