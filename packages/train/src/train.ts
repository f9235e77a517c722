/** Training one experiment on one engine, from theta_0 to the proof that the trained weights are a permutation of it. */
import { checkPermutations, type Params, type PermutationReport, type RankInto } from '@laperm/core'
import { type Dataset, inputSizeOf, makeInlineBatchSource, makeNormalizer } from '@laperm/data'
import type { Engine, EngineError, SessionError, TrainSession } from '@laperm/engine'
import { either as E, type taskEither as TE } from 'fp-ts'
import type { Checkpoint } from './checkpoint.ts'
import { chooseTrainExamples } from './choose-train-examples.ts'
import { driveLoop, type LoopResult } from './drive-loop.ts'
import type { TrainError } from './errors.ts'
import { evaluateExamples } from './evaluate.ts'
import type { EvaluationPolicy } from './evaluation-policy.ts'
import type { Experiment } from './experiment.ts'
import { drawInitialParams, permutedRolesOf } from './initial-params.ts'
import type { Evaluation } from './loop-position.ts'
import { countMovedWeights, type MovedWeights } from './moved-weights.ts'
import { outerUpdateOf, planRun, type RunPlan } from './plan-run.ts'
import type { TrainObserver } from './train-events.ts'
import { batchJobOf, makeTrainingBatches, type StartBatches } from './training-batches.ts'
import { makeLoop } from './training-loop.ts'

/** What a run needs besides its plan and its session. Nothing of it changes the trained weights. */
export interface RunContext {
  /** The experiment's data set, already limited. */
  readonly dataset: Dataset
  /** How batches are prepared. Default: on the caller's thread; in Node `makeBatchSource` of `@laperm/data/node` augments on another one. */
  readonly startBatches?: StartBatches | undefined
  readonly observe?: TrainObserver | undefined
  /** Aborting it ends the run with status `interrupted`, after a checkpoint. */
  readonly signal?: AbortSignal | undefined
  /** Default: once an epoch. */
  readonly evaluateAt?: EvaluationPolicy | undefined
  /** Go on from here instead of step 0. */
  readonly resumeFrom?: Checkpoint | undefined
  /** Least time between two checkpoints, in milliseconds. Default: a minute. */
  readonly checkpointEveryMs?: number | undefined
  /** Also make a checkpoint at the end, from which a run of more epochs can go on. Default: false. */
  readonly checkpointAtEnd?: boolean | undefined
  /** In milliseconds, from any start: for checkpoints and the time spent. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined
  /** What ranks weights where ranking distances are recorded: `wasmSync.rankInto` of `@laperm/backend-wasm` is faster. Default: core. */
  readonly rankInto?: RankInto | undefined
}

/** What a run needs besides its experiment. */
export interface TrainContext extends RunContext {
  readonly engine: Engine
}

/** What came out of a run. */
export interface TrainOutcome {
  readonly status: 'finished' | 'interrupted' | 'diverged'
  /** Steps taken, this time and before. */
  readonly steps: number
  readonly synchronizations: number
  /** Whether the last synchronization was made only because the run ended between two. */
  readonly finalSyncForced: boolean
  /** The last evaluation right after a synchronization, and the best. Null when the run ended before the first. */
  readonly last: Evaluation | null
  readonly best: Evaluation | null
  /** The last good weights: right after a synchronization. */
  readonly weights: Params
  /** The step at which they were current. */
  readonly weightsStep: number
  readonly bestWeights: Params | null
  readonly elapsedMs: number
  /** The step at which the loss or a weight was no longer a finite number. */
  readonly divergedAt: number | null
  /** `weights` against theta_0, drawn again from the seed. */
  readonly proof: PermutationReport
  /** How many weights of `weights` have moved. */
  readonly moved: MovedWeights
}

const aMinute = 60_000

/**
 * Compile a session for a plan, with the plan's theta_0: whoever writes a run finds out first that it can be trained.
 *
 * @param initial weights in place of theta_0, for example a trained network's that is evaluated.
 * @returns `Left` when the engine refuses the model or fails; the session is the caller's, to be handed to {@link trainPlan} or disposed.
 */
export const startSession =
  (
    plan: Pick<RunPlan, 'experiment' | 'inferred'> & Partial<Pick<RunPlan, 'trained'>>,
    engine: Engine,
    initial: Params = drawInitialParams(plan),
  ): TE.TaskEither<EngineError | SessionError, TrainSession> =>
  async () => {
    const { experiment, inferred } = plan
    const compiled = await engine.compile(inferred, {
      loss: 'softmaxCrossEntropy',
      innerOptimizer: experiment.innerOptimizer,
      outerUpdate: outerUpdateOf(experiment),
      batchSize: experiment.batchSize,
      seed: experiment.seed,
      ...(experiment.threads === null ? {} : { threads: experiment.threads }),
    })()
    if (E.isLeft(compiled)) return compiled
    const initialized = await compiled.right.initialize(initial)()
    if (E.isRight(initialized)) return compiled
    await compiled.right.dispose()
    return initialized
  }

/** Drive a session's loop to its end, then free the session. */
const runSession = async (
  plan: RunPlan,
  session: TrainSession,
  context: RunContext,
): Promise<E.Either<SessionError, LoopResult>> => {
  const {
    dataset,
    resumeFrom,
    signal,
    observe = () => undefined,
    startBatches = makeInlineBatchSource,
  } = context
  const { experiment, stepsPerEpoch, totalSteps } = plan
  const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)
  const inputSize = inputSizeOf(dataset.inputShape)
  const step = resumeFrom?.position.step ?? 0
  const source = startBatches(batchJobOf(plan, dataset, normalizer, step))
  try {
    if (resumeFrom !== undefined) {
      const written = await session.writeState(resumeFrom.state)()
      if (E.isLeft(written)) return written
    }
    await observe({ kind: 'start', step, stepsPerEpoch, totalSteps, epochs: experiment.epochs })
    const chosen = chooseTrainExamples(experiment, dataset.train.count)
    const loop = makeLoop({
      plan,
      session,
      batches: makeTrainingBatches(source),
      evaluate: (abort) => evaluateExamples(session, normalizer, dataset.test, inputSize, abort),
      evaluateTraining:
        chosen === null
          ? undefined
          : (abort) => evaluateExamples(session, normalizer, dataset.train, inputSize, abort, chosen),
      evaluateAt: context.evaluateAt,
      ranking: { rankInto: context.rankInto, clock: context.clock },
      observe,
      from: resumeFrom,
    })
    return await driveLoop(loop, {
      observe,
      signal,
      clock: context.clock ?? (() => performance.now()),
      checkpointEveryMs: context.checkpointEveryMs ?? aMinute,
      checkpointAtEnd: context.checkpointAtEnd,
      elapsedMs: resumeFrom?.elapsedMs ?? 0,
    })()
  } finally {
    await source.dispose()
    // Before theta_0 is drawn once more: the two need not be in memory together.
    await session.dispose()
  }
}

/**
 * Train a run that has been planned (see {@link trainExperiment}).
 *
 * @param plan of the context's data set.
 * @param session of the plan, just started; disposed at the end.
 */
export const trainPlan =
  (plan: RunPlan, session: TrainSession, context: RunContext): TE.TaskEither<SessionError, TrainOutcome> =>
  async () => {
    const run = await runSession(plan, session, context)
    if (E.isLeft(run)) return run
    const { status, position, kept, best, divergedAt, elapsedMs } = run.right
    const initial = drawInitialParams(plan)
    const roles = permutedRolesOf(plan.experiment)
    return E.right({
      status,
      steps: position.step,
      synchronizations: position.synchronizations,
      finalSyncForced: position.finalSyncForced,
      last: position.last,
      best: position.best,
      weights: kept,
      weightsStep: position.keptStep,
      bestWeights: best,
      elapsedMs,
      divergedAt,
      proof: checkPermutations(initial, kept, roles),
      moved: countMovedWeights(initial, kept, roles),
    })
  }

/**
 * Train an experiment.
 *
 * Batches, dropout masks and theta_0 are functions of the experiment's seed, so that the same experiment on the same engine gives the same
 * weights, bit for bit, also across an interruption and a resume.
 *
 * @returns `Left` of a `TrainError` when model, data and engine do not fit each other, and of a `SessionError` when the engine fails on the
 * way (`DeviceLost`, `OutOfMemory`, `EngineStopped`): the last checkpoint that was observed can then be resumed from. A run that diverges
 * or is interrupted is an outcome with that status. Rejects with what the observer throws.
 * @example const outcome = await trainExperiment(experiment, { engine, dataset })()
 * @see arXiv:2003.02570 Algorithm 1
 */
export const trainExperiment =
  (experiment: Experiment, context: TrainContext): TE.TaskEither<TrainError | SessionError, TrainOutcome> =>
  async () => {
    const planned = planRun(experiment, context.dataset)
    if (E.isLeft(planned)) return planned
    const session = await startSession(planned.right, context.engine)()
    return E.isLeft(session) ? session : trainPlan(planned.right, session.right, context)()
  }
