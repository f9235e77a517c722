/** The optimizers side by side: a session and train's loop each, from the same theta_0 on the same batches. */
import {
  type Dataset,
  type Examples,
  inputSizeOf,
  makeInlineBatchSource,
  type Normalizer,
} from '@laperm/data'
import type { Engine, EngineError, SessionError, TrainSession } from '@laperm/engine'
import {
  batchJobOf,
  evaluateExamples,
  makeLoop,
  makeTrainingBatches,
  planRun,
  type RunPlan,
  shareBatches,
  startSession,
  type TrainError,
  type TrainEvent,
  type TrainingLoop,
} from '@laperm/train'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { experimentOf } from '../settings/experiments.ts'
import { type ContenderName, contenderNames, type RunSettings } from '../settings/run-settings.ts'

/** Something for each contender. */
export type PerContender<A> = Readonly<Record<ContenderName, A>>

export type Plans = PerContender<RunPlan>

/** One of them. */
export interface Contender {
  readonly session: TrainSession
  readonly loop: TrainingLoop
}

export interface Contenders extends PerContender<Contender> {
  readonly dispose: () => Promise<void>
}

/** What the loops train on and are measured by. */
export interface ContenderData {
  readonly dataset: Dataset
  readonly normalizer: Normalizer
  /** The test examples that accuracies are measured on while training. */
  readonly watched: Examples
}

/** Least number of steps between two evaluations of a contender. */
const evaluationSteps = 20

/** @returns `Left` with why these settings cannot be trained on these data. */
export const planContenders = (settings: RunSettings, dataset: Dataset): E.Either<TrainError, Plans> => {
  const plan = (name: ContenderName) => planRun(experimentOf(name, settings, dataset.train.count), dataset)
  return F.pipe(
    E.Do,
    E.apS('laperm', plan('laperm')),
    E.apS('adam', plan('adam')),
    E.apS('lookahead', plan('lookahead')),
  )
}

type Sessions = PerContender<TrainSession>

/** One after the other: a backend of tfjs does one thing at a time. Where one cannot start none is left over. */
const startSessions = async (
  engine: Engine,
  plans: Plans,
): Promise<E.Either<EngineError | SessionError, Sessions>> => {
  const started: TrainSession[] = []
  const start = (name: ContenderName) =>
    F.pipe(
      startSession(plans[name], engine),
      TE.map((session) => {
        started.push(session)
        return session
      }),
    )
  const sessions = await F.pipe(
    TE.Do,
    TE.bind('laperm', () => start('laperm')),
    TE.bind('adam', () => start('adam')),
    TE.bind('lookahead', () => start('lookahead')),
  )()
  if (E.isLeft(sessions)) for (const earlier of started) await earlier.dispose()
  return sessions
}

/**
 * Start them; no step is taken.
 *
 * @param observe is told what each loop does, and awaited.
 */
export const startContenders = async (
  engine: Engine,
  plans: Plans,
  { dataset, normalizer, watched }: ContenderData,
  observe: (name: ContenderName, event: TrainEvent) => void | Promise<void>,
): Promise<E.Either<EngineError | SessionError, Contenders>> => {
  const sessions = await startSessions(engine, plans)
  if (E.isLeft(sessions)) return sessions
  const source = makeInlineBatchSource(batchJobOf(plans.laperm, dataset, normalizer))
  const shared = shareBatches(makeTrainingBatches(source), contenderNames.length)
  const contenderOf = (name: ContenderName): Contender => {
    const session = sessions.right[name]
    const loop = makeLoop({
      plan: plans[name],
      session,
      batches: shared[contenderNames.indexOf(name)],
      evaluate: (signal) =>
        evaluateExamples(session, normalizer, watched, inputSizeOf(dataset.inputShape), signal),
      // LaPerm's accuracy counts only right after a synchronization; Lookahead is measured as often as Adam, whatever its k.
      evaluateAt: { kind: 'everySteps', steps: evaluationSteps, betweenSyncs: name === 'lookahead' },
      // Each synchronization of LaPerm is proved.
      ...(name === 'laperm' ? { keepEverySteps: 1 } : {}),
      observe: (event) => observe(name, event),
    })
    return { session, loop }
  }
  return E.right({
    laperm: contenderOf('laperm'),
    adam: contenderOf('adam'),
    lookahead: contenderOf('lookahead'),
    dispose: async () => {
      await source.dispose()
      for (const name of contenderNames) await sessions.right[name].dispose()
    },
  })
}
