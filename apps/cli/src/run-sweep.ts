/** A sweep from its experiments to its table: plan, look what is there, train what is missing, write down what it came to. */
import { makeLocalQueue, type Queue } from '@laperm/queue'
import {
  type ExpandedSweep,
  groupRuns,
  type PlannedRun,
  type PlannedSweep,
  planSweep,
  type RunJob,
  renderRefusedSweep,
  runJob,
  type SweepRunState,
  samplesOf,
  startWorker,
  type TrainingOptions,
  type WorkerProcess,
  workOff,
} from '@laperm/runs/sweep'
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { findRunsOf } from './find-runs-of.ts'
import type { DataFlags } from './flags.ts'
import type { StoreFlags } from './open-store.ts'
import { makeSweepBoard, type SweepBoard } from './sweep-board.ts'
import { makeSweepProgress } from './sweep-progress.ts'
import type { Terminal } from './terminal.ts'
import { watchQueue } from './watch-queue.ts'

/** A sweep whose runs have identities, and what is there of them. */
export interface ReadySweep {
  readonly sweep: PlannedSweep
  readonly board: SweepBoard
  /** The worker that made the plan; it has engine and data at hand. */
  readonly worker: WorkerProcess
}

/** How a worker of this program is started. It ends with this process, however that ends. */
export const sweepWorkers = (flags: DataFlags & StoreFlags): (() => WorkerProcess) => {
  const { offline, dataDir, acceptChecksum, store, endpoint } = flags
  const entry = new URL('./sweep-worker-main.js', import.meta.url)
  return () => {
    const worker = startWorker(entry, [JSON.stringify({ offline, dataDir, acceptChecksum, store, endpoint })])
    process.once('exit', worker.kill)
    void worker.ended.then(() => process.off('exit', worker.kill))
    return worker
  }
}

/** What has ended stays as it is, but for failed runs that are to be tried again. */
const isToDo = ({ status }: SweepRunState, retryFailed: boolean): boolean =>
  status === 'missing' || status === 'interrupted' || (status === 'failed' && retryFailed)

/**
 * Plan a sweep: a worker loads engine and data and says what identities are made of, then the directory says what is there.
 *
 * @param store where runs are kept, too; their records are fetched from there.
 * @returns null when it was interrupted.
 */
export const readySweep = async (
  expanded: ExpandedSweep,
  directory: string,
  start: () => WorkerProcess,
  terminal: Terminal,
  store: ObjectStore | null = null,
): Promise<E.Either<Failure, ReadySweep> | null> => {
  const groups = groupRuns(expanded)
  const worker = start()
  // Loading may mean downloading: nothing of it is worth keeping.
  terminal.signal.addEventListener('abort', worker.kill)
  const surveys = await worker.survey(samplesOf(groups))
  terminal.signal.removeEventListener('abort', worker.kill)
  if (terminal.signal.aborted) return null
  const fail = (failure: Failure): E.Either<Failure, never> => {
    worker.kill()
    return E.left(failure)
  }
  if ('kind' in surveys) return fail(usageError(`A sweep's worker could not be used: ${surveys.reason}.`))
  const planned = planSweep(expanded, groups, surveys)
  if (E.isLeft(planned)) return fail(usageError(renderRefusedSweep(planned.left)))
  const sweep = planned.right
  const identities = sweep.runs.map(({ identity }) => identity)
  const found = await findRunsOf({ directory, store }, identities)
  if (E.isLeft(found)) return fail(found.left)
  return E.right({ sweep, board: makeSweepBoard(sweep, found.right), worker })
}

/** How the runs of a sweep are trained. */
export interface TrainSweepOptions extends TrainingOptions {
  readonly directory: string
  readonly mostWorkers: number
  readonly fitsMemory: boolean
  readonly quiet: boolean
  /** Where runs are kept besides the directory. */
  readonly store?: ObjectStore | null
  /** Which runs are trained; default: every one that is missing. */
  readonly isTaken?: (run: PlannedRun) => boolean
}

const jobsOf = (
  { sweep, board }: ReadySweep,
  { directory, retryFailed, isTaken = () => true }: TrainSweepOptions,
): readonly RunJob[] =>
  sweep.runs
    .filter((run) => isTaken(run) && isToDo(board.stateOf(run), retryFailed))
    .map(({ identity, experiment, source }) => runJob({ identity, experiment, data: source, directory }))

/** Put what is missing of a sweep into a queue, and watch until others have trained it or the terminal says stop. */
export const queueSweep = async (
  ready: ReadySweep,
  queue: Queue<RunJob>,
  options: TrainSweepOptions,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  const { sweep, board, worker } = ready
  worker.kill()
  const progress = options.quiet ? null : makeSweepProgress(sweep, board, terminal)
  try {
    return await watchQueue(queue, jobsOf(ready, options), options, terminal.signal, (event) => {
      board.hear(event)
      progress?.hear(event)
    })
  } finally {
    progress?.stop()
  }
}

/** Train what is missing of a sweep, until all has ended or the terminal says stop. */
export const trainSweep = async (
  ready: ReadySweep,
  options: TrainSweepOptions,
  start: () => WorkerProcess,
  terminal: Terminal,
): Promise<E.Either<Failure, void>> => {
  const { sweep, board, worker } = ready
  const queue = makeLocalQueue<RunJob>()
  const progress = options.quiet ? null : makeSweepProgress(sweep, board, terminal)
  try {
    const jobs = jobsOf(ready, options)
    const added = await queue.add(jobs)()
    if (E.isLeft(added)) return added
    return await workOff(queue, {
      ...options,
      mostWorkers: Math.max(1, Math.min(options.mostWorkers, jobs.length)),
      startWorker: start,
      ready: [worker],
      signal: terminal.signal,
      endsWhenEmpty: true,
      observe: (event) => {
        board.hear(event)
        progress?.hear(event)
      },
    })
  } finally {
    progress?.stop()
    await queue.close()
  }
}
