/**
 * The worker's end of a sweep: takes one order after the other and keeps what the next one is likely to need, which is the engine and the data.
 * It trains by `executeRun`, as `laperm train` does.
 */
import type { Dataset } from '@laperm/data'
import type { Engine } from '@laperm/engine'
import { type Experiment, planRun, type TrainEvent } from '@laperm/train'
import { either as E, taskEither as TE } from 'fp-ts'
import { type DataFingerprint, fingerprintOf } from '../data-fingerprint.ts'
import { executeRun } from '../execute-run.ts'
import type { ExecuteRunError, ExecuteRunResult, ExecutionOptions } from '../execution.ts'
import type { RunJob } from '../queue/run-job.ts'
import type { DataSource } from '../run-config.ts'
import { type RunEnvironment, readEnvironment } from '../run-environment.ts'
import { bitsOf, identityOf } from '../run-identity.ts'
import type { StoredRuns } from '../store/run-mirror.ts'
import { dataKey } from './experiment-keys.ts'
import { measureSteps, type StepCost } from './measure-steps.ts'
import { reusingSessions } from './reuse-sessions.ts'
import type { JobEnd, Sample, Survey, TrainingOptions, WorkerOrder, WorkerReport } from './worker-messages.ts'

/** How a worker loads what its orders need, and words what it fails with. */
export interface WorkerLoaders<LoadFailure>
  extends Pick<ExecutionOptions<LoadFailure>, 'loadEngine' | 'loadData' | 'loadRankInto'> {
  /** Where every run is kept besides its directory. Default: nowhere. */
  readonly stored?: StoredRuns | undefined
  /** The failure as sentences for people. */
  readonly renderFailure: (failure: LoadFailure | ExecuteRunError) => string
}

/** The channel to the sweep. */
export interface OrderChannel {
  /** Hand a report to the sweep. */
  readonly send: (report: WorkerReport) => void
  /** Hear each order of the sweep. */
  readonly onOrder: (listener: (order: WorkerOrder) => void) => void
  /** Aborted when the sweep is gone: what is under way ends with a checkpoint. */
  readonly gone: AbortSignal
}

/** Between two reports of progress: more is not seen. */
const progressEveryMs = 250
const aliveEveryMs = 500

/** The same call, whose last answer is kept while its key is the same. */
const keepLast = <Words extends readonly unknown[], L, A>(
  call: (...words: Words) => TE.TaskEither<L, A>,
  keyOf: (...words: Words) => string,
): ((...words: Words) => TE.TaskEither<L, A>) => {
  let kept: { readonly key: string; readonly value: A } | null = null
  return (...words) =>
    async () => {
      const key = keyOf(...words)
      if (kept?.key === key) return E.right(kept.value)
      // Of two data sets at once only one fits into memory.
      kept = null
      const called = await call(...words)()
      if (E.isRight(called)) kept = { key, value: called.right }
      return called
    }
}

const endOfResult = ({ kind, summary }: ExecuteRunResult): JobEnd => {
  const { status } = summary
  if (status === 'interrupted') return { kind: status, summary }
  return { kind: status === 'diverged' ? status : 'finished', summary, isOld: kind === 'alreadyFinished' }
}

const endOfFailure = (
  failure: ExecuteRunError,
  renderFailure: (failure: ExecuteRunError) => string,
): JobEnd => {
  const message = renderFailure(failure)
  if (failure._tag === 'RunEndedBadly') {
    const { status, summary, runDirectory } = failure
    return status === 'diverged'
      ? { kind: status, summary, isOld: true }
      : { kind: status, message: summary.error ?? message, directory: runDirectory, isOld: true }
  }
  if (failure._tag === 'RunUnavailable' && failure.isHeld === true) return { kind: 'busy', message }
  const directory = 'runDirectory' in failure ? failure.runDirectory : null
  return { kind: 'failed', message, directory, isOld: false }
}

/** Reports of progress out of what training says. */
const progressReporter = (send: OrderChannel['send']): ((event: TrainEvent) => void) => {
  let totals = { totalSteps: 0, epochs: 0 }
  let epoch = 1
  let loss: number | null = null
  let accuracy: number | null = null
  let nextAt = 0
  const report = (step: number): void => {
    nextAt = performance.now() + progressEveryMs
    send({
      kind: 'progress',
      progress: { step, ...totals, epoch, loss, accuracy },
      memoryBytes: process.memoryUsage.rss(),
    })
  }
  return (event) => {
    switch (event.kind) {
      case 'start':
        totals = { totalSteps: event.totalSteps, epochs: event.epochs }
        return
      case 'epochStart':
        epoch = event.epoch
        return
      case 'step':
        loss = Number.isFinite(event.loss) ? event.loss : null
        // The first one too: only then a run's memory is known.
        if (performance.now() >= nextAt) report(event.step)
        return
      case 'evaluation':
        if (event.series === 'synchronized') accuracy = event.evaluation.accuracy
        return
      default:
        return
    }
  }
}

/**
 * Serve orders until the sweep says stop or is gone.
 *
 * @returns when everything is written.
 */
export const serveOrders = <LoadFailure>(
  { send, onOrder, gone }: OrderChannel,
  { renderFailure, stored, ...loaders }: WorkerLoaders<LoadFailure>,
): Promise<void> => {
  const loadEngine = keepLast(
    (experiment: Experiment) => TE.map(reusingSessions)(loaders.loadEngine(experiment)),
    ({ engine, threads }) => JSON.stringify([engine, threads]),
  )
  const loadData = keepLast(loaders.loadData, (experiment: Experiment, source: DataSource) =>
    JSON.stringify([dataKey(experiment), source]),
  )
  const fingerprints = new WeakMap<Dataset, DataFingerprint>()
  const fingerprint = (dataset: Dataset): DataFingerprint => {
    const data = fingerprints.get(dataset) ?? fingerprintOf(dataset)
    fingerprints.set(dataset, data)
    return data
  }
  const environments = new WeakMap<Engine, Promise<RunEnvironment>>()
  const environmentOf = (engine: Engine): Promise<RunEnvironment> => {
    const environment = environments.get(engine) ?? readEnvironment(engine)
    environments.set(engine, environment)
    return environment
  }
  const stopping = new AbortController()

  const load = async ({
    experiment,
    source,
  }: Sample): Promise<E.Either<LoadFailure, { readonly engine: Engine; readonly dataset: Dataset }>> => {
    const engine = await loadEngine(experiment)()
    if (E.isLeft(engine)) return engine
    return E.map((dataset: Dataset) => ({ engine: engine.right, dataset }))(
      await loadData(experiment, source)(),
    )
  }

  const survey = async (sample: Sample): Promise<Survey> => {
    const loaded = await load(sample)
    if (E.isLeft(loaded)) return { kind: 'refused', message: renderFailure(loaded.left) }
    const { engine, dataset } = loaded.right
    const plan = planRun(sample.experiment, dataset)
    if (E.isLeft(plan)) return { kind: 'refused', message: renderFailure(plan.left) }
    const { stepsPerEpoch } = plan.right
    return { kind: 'fits', data: fingerprint(dataset), bits: bitsOf(engine), stepsPerEpoch }
  }

  const measure = async (sample: Sample): Promise<StepCost | null> => {
    const loaded = await load(sample)
    if (E.isLeft(loaded)) return null
    const { engine, dataset } = loaded.right
    const plan = planRun(sample.experiment, dataset)
    return E.isLeft(plan) ? null : measureSteps(plan.right, dataset, engine)
  }

  const train = async (job: RunJob, options: TrainingOptions): Promise<JobEnd> => {
    const { experiment, data: source } = job
    const loaded = await load({ experiment, source })
    if (E.isLeft(loaded))
      return { kind: 'failed', message: renderFailure(loaded.left), directory: null, isOld: false }
    const { engine, dataset } = loaded.right
    const identity = identityOf({ experiment, data: fingerprint(dataset), bits: bitsOf(engine) })
    if (identity !== job.identity)
      return {
        kind: 'failed',
        message: `here it would be another run (${identity.slice(0, 6)}): other versions, threads or data decide its bits than those that ${job.identity.slice(0, 6)} was planned with`,
        directory: null,
        isOld: false,
      }
    const result = await executeRun<never>(experiment, {
      ...options,
      directory: null,
      parent: job.directory,
      source,
      stored,
      loadEngine: () => TE.right(engine),
      loadRankInto: loaders.loadRankInto,
      loadData: () => TE.right(dataset),
      fingerprint,
      environmentOf,
      report: (event) => {
        if (event.kind === 'warning') send({ kind: 'warning', message: event.message })
      },
      observe: progressReporter(send),
      signal: stopping.signal,
    })()
    return E.isRight(result) ? endOfResult(result.right) : endOfFailure(result.left, renderFailure)
  }

  return new Promise((resolve) => {
    let isBusy = false
    const alive = setInterval(() => send({ kind: 'alive' }), aliveEveryMs)
    const end = (): void => {
      clearInterval(alive)
      resolve()
    }
    const work = async (order: WorkerOrder): Promise<void> => {
      if (order.kind === 'survey') {
        const surveys: Survey[] = []
        for (const sample of order.samples) surveys.push(await survey(sample))
        send({ kind: 'surveyed', surveys })
      } else if (order.kind === 'measure') {
        const costs: (StepCost | null)[] = []
        for (const sample of order.samples) costs.push(await measure(sample))
        send({ kind: 'measured', costs })
      } else if (order.kind === 'train') send({ kind: 'ended', end: await train(order.job, order.options) })
    }
    const stop = (): void => {
      stopping.abort()
      if (!isBusy) end()
    }
    gone.addEventListener('abort', stop)
    onOrder((order) => {
      if (order.kind === 'stop') return stop()
      isBusy = true
      void work(order).finally(() => {
        isBusy = false
        if (stopping.signal.aborted) end()
      })
    })
  })
}
