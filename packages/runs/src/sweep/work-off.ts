/**
 * Works off a queue of runs with worker processes: each takes job after job, and a job whose worker dies or falls silent is given again and goes
 * on from its checkpoint.
 */
import { setMaxListeners } from 'node:events'
import type { Queue, QueueError } from '@laperm/queue'
import { either as E } from 'fp-ts'
import type { RunJob } from '../queue/run-job.ts'
import { type BusyOptions, type KeepOptions, type TrainJobContext, trainJob } from './train-job.ts'
import type { WorkEvent } from './work-event.ts'
import type { TrainingOptions } from './worker-messages.ts'
import type { WorkerProcess } from './worker-process.ts'
import { hasStarted, makeRoom, reportMemory, waitForRoom } from './worker-room.ts'

/** Between two looks at a queue that others work off too. */
const lookEveryMs = 1000

/** How a queue is worked off. */
export interface WorkOffOptions extends TrainingOptions, BusyOptions, KeepOptions {
  /** Start another worker process. */
  readonly startWorker: () => WorkerProcess
  /** Workers that are there already. */
  readonly ready?: readonly WorkerProcess[]
  /** Workers at once. */
  readonly mostWorkers: number
  /** Start another worker only where the largest so far would fit into the memory that is free. */
  readonly fitsMemory: boolean
  /** Aborting it ends what is under way with a checkpoint. */
  readonly signal: AbortSignal
  /** End when every job has ended, and do not wait for others. */
  readonly endsWhenEmpty: boolean
  /** Hears everything that happens. */
  readonly observe: (event: WorkEvent) => void
}

/**
 * Work until the queue is closed, the signal is aborted, or every job has ended.
 *
 * @returns `Left` when the queue fails. Every worker has ended.
 */
export const workOff = async (
  queue: Queue<RunJob>,
  options: WorkOffOptions,
): Promise<E.Either<QueueError, void>> => {
  const { observe, startWorker, ready = [] } = options
  const workers = new Set<WorkerProcess>(ready)
  const spare = [...ready]
  const done = new AbortController()
  const over = AbortSignal.any([options.signal, done.signal])
  // Each worker listens, to the one and to the other.
  setMaxListeners(0, over)
  const room = makeRoom()
  const pending = new Set<Promise<void>>()
  let failure: QueueError | null = null

  const ask: TrainJobContext['ask'] = async (task) => {
    const answer = await task()
    if (E.isRight(answer)) return answer.right
    failure ??= answer.left
    done.abort()
    return null
  }
  const newWorker = (): WorkerProcess => {
    const worker = startWorker()
    workers.add(worker)
    void worker.ended.then(() => workers.delete(worker))
    return worker
  }
  const endWhenEmpty = async (): Promise<void> => {
    if (!options.endsWhenEmpty) return
    const counts = await ask(queue.counts)
    if (counts !== null && counts.waiting + counts.active === 0) done.abort()
  }
  const hasFailed = async (identity: string): Promise<boolean> =>
    (await ask(queue.stateOf(identity)))?.kind === 'failed'

  /** One worker after the other, in one place. */
  const work = async (index: number): Promise<void> => {
    if (index > 0 && options.fitsMemory) await waitForRoom(room, over)
    else room.starting++
    let isStarting = true
    const started = (): void => {
      if (isStarting) hasStarted(room)
      isStarting = false
    }
    const context: TrainJobContext = {
      options,
      observe,
      ask,
      hasFailed,
      later: (act) => {
        const acting = act(over).finally(() => pending.delete(acting))
        pending.add(acting)
      },
      hear: (report) => {
        if (report.kind !== 'progress') return
        reportMemory(room, report.memoryBytes)
        started()
      },
    }
    let worker = spare.pop()
    while (!over.aborted) {
      const claim = await ask(queue.claim(over))
      if (claim === null) break
      if (over.aborted) {
        await ask(claim.giveBack)
        break
      }
      if (worker?.isAlive() !== true) worker = newWorker()
      await trainJob(worker, claim, context)
      await endWhenEmpty()
    }
    started()
  }

  const stopAll = (): void => {
    for (const worker of workers) worker.stop()
  }
  over.addEventListener('abort', stopAll)
  await endWhenEmpty()
  // Workers of other processes may end the last job.
  const looking = options.endsWhenEmpty ? setInterval(() => void endWhenEmpty(), lookEveryMs) : undefined
  await Promise.all(Array.from({ length: options.mostWorkers }, (_, index) => work(index)))
  clearInterval(looking)
  stopAll()
  await Promise.all(pending)
  await Promise.all([...workers].map(({ ended }) => ended))
  return failure === null ? E.right(undefined) : E.left(failure)
}
