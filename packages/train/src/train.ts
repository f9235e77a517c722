/** Training one experiment on one engine, from theta_0 to the proof that the trained weights are a permutation of it. */
import { checkPermutations, type Params, type PermutationReport } from '@laperm/core'
import { type Dataset, makeInlineBatchSource } from '@laperm/data'
import { catchingFaults, type Engine, orThrow, type SessionError } from '@laperm/engine'
import { either as E, type taskEither as TE } from 'fp-ts'
import type { Checkpoint } from './checkpoint.ts'
import type { TrainError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { permutedRolesOf, redrawInitialParams } from './initial-params.ts'
import type { Evaluation } from './loop-position.ts'
import { countMovedWeights, type MovedWeights } from './moved-weights.ts'
import { outerUpdateOf, planRun } from './plan-run.ts'
import type { TrainObserver } from './train-events.ts'
import type { StartBatches } from './training-batches.ts'
import { runTrainingLoop } from './training-loop.ts'

/** What a run needs besides its experiment. Nothing of it changes the result. */
export interface TrainContext {
  readonly engine: Engine
  /** The experiment's data set, already limited. */
  readonly dataset: Dataset
  /** How batches are prepared. Default: on the caller's thread; in Node `makeBatchSource` of `@laperm/data/node` augments on another one. */
  readonly startBatches?: StartBatches | undefined
  readonly observe?: TrainObserver | undefined
  /** Aborting it ends the run with status `interrupted`, after a checkpoint. */
  readonly signal?: AbortSignal | undefined
  /** Go on from here instead of step 0. */
  readonly resumeFrom?: Checkpoint | undefined
  /** Least time between two checkpoints, in milliseconds. Default: a minute. */
  readonly checkpointEveryMs?: number | undefined
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
    const { engine, dataset, resumeFrom } = context
    const planned = planRun(experiment, dataset)
    if (E.isLeft(planned)) return planned
    const plan = planned.right
    const compiled = await engine.compile(plan.inferred, {
      loss: 'softmaxCrossEntropy',
      innerOptimizer: experiment.innerOptimizer,
      outerUpdate: outerUpdateOf(experiment),
      batchSize: experiment.batchSize,
      seed: experiment.seed,
      ...(experiment.threads === null ? {} : { threads: experiment.threads }),
    })()
    if (E.isLeft(compiled)) return compiled
    const session = compiled.right
    try {
      const run = await catchingFaults(async () => {
        await orThrow(session.initialize(redrawInitialParams(experiment)))
        if (resumeFrom !== undefined) await orThrow(session.writeState(resumeFrom.state))
        return runTrainingLoop({
          experiment,
          plan,
          dataset,
          startBatches: context.startBatches ?? makeInlineBatchSource,
          session,
          observe: context.observe ?? (() => undefined),
          signal: context.signal,
          resumeFrom,
          checkpointEveryMs: context.checkpointEveryMs ?? aMinute,
        })
      })()
      if (E.isLeft(run)) return run
      const result = run.right
      const { position } = result
      // Before theta_0 is drawn once more: the two need not be in memory together.
      await session.dispose()
      const initial = redrawInitialParams(experiment)
      const roles = permutedRolesOf(experiment)
      return E.right({
        status: result.status,
        steps: position.step,
        synchronizations: position.synchronizations,
        finalSyncForced: position.finalSyncForced,
        last: position.last,
        best: position.best,
        weights: result.kept,
        weightsStep: position.keptStep,
        bestWeights: result.best,
        elapsedMs: position.elapsedMs,
        divergedAt: result.divergedAt,
        proof: checkPermutations(initial, result.kept, roles),
        moved: countMovedWeights(initial, result.kept, roles),
      })
    } finally {
      await session.dispose()
    }
  }
