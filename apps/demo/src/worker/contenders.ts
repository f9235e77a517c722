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
import { entriesOf, mapEntries, type PerContender } from '../settings/per-contender.ts'
import type { ContenderName, RunSettings } from '../settings/run-settings.ts'

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
  const two = F.pipe(E.Do, E.apS('laperm', plan('laperm')), E.apS('adam', plan('adam')))
  return settings.lookahead ? F.pipe(two, E.apS('lookahead', plan('lookahead'))) : two
}

/** What a contender's loop is made of. */
interface Started {
  readonly plan: RunPlan
  readonly session: TrainSession
}

/** One after the other: a backend of tfjs does one thing at a time. Where one cannot start none is left over. */
const startSessions = async (
  engine: Engine,
  plans: Plans,
): Promise<E.Either<EngineError | SessionError, PerContender<Started>>> => {
  const started: TrainSession[] = []
  const start = (plan: RunPlan) =>
    F.pipe(
      startSession(plan, engine),
      TE.map((session): Started => {
        started.push(session)
        return { plan, session }
      }),
    )
  const { laperm, adam, lookahead } = plans
  const two = F.pipe(
    TE.Do,
    TE.bind('laperm', () => start(laperm)),
    TE.bind('adam', () => start(adam)),
  )
  const sessions = await (lookahead === undefined
    ? two
    : F.pipe(
        two,
        TE.bind('lookahead', () => start(lookahead)),
      ))()
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
  const started = await startSessions(engine, plans)
  if (E.isLeft(started)) return started
  const source = makeInlineBatchSource(batchJobOf(plans.laperm, dataset, normalizer))
  const names = entriesOf(plans).map(([name]) => name)
  const shared = shareBatches(makeTrainingBatches(source), names.length)
  const contenderOf = ({ plan, session }: Started, name: ContenderName): Contender => {
    const loop = makeLoop({
      plan,
      session,
      batches: shared[names.indexOf(name)],
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
  const contenders = mapEntries(started.right, contenderOf)
  return E.right({
    ...contenders,
    dispose: async () => {
      await source.dispose()
      for (const [, { session }] of entriesOf(contenders)) await session.dispose()
    },
  })
}
