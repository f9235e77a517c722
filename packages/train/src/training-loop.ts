/**
 * The training loop as a machine of five stages: train a step, evaluate the inner optimizer's weights, synchronize, evaluate, end the epoch.
 * Somebody drives it from stage to stage, and can stop between any two.
 *
 * An accuracy counts only right after a synchronization, so that every kept weight is a permutation of theta_0. The loop prints nothing,
 * touches no file and decides nothing by a clock: it reports to an observer.
 */
import { makeLearningRate, type Params } from '@laperm/core'
import {
  catchingFaults,
  type EvaluationScore,
  orThrow,
  type SessionError,
  SessionFault,
  type TrainSession,
} from '@laperm/engine'
import { either as E, type taskEither as TE } from 'fp-ts'
import type { Checkpoint } from './checkpoint.ts'
import { type EvaluationPolicy, oncePerEpoch } from './evaluation-policy.ts'
import { failsTrial } from './fields/trial.ts'
import { allFinite } from './finite-params.ts'
import { drawInitialParams } from './initial-params.ts'
import { type Evaluation, type LoopPosition, type Stage, stages, startPosition } from './loop-position.ts'
import type { RunPlan } from './plan-run.ts'
import { makeRankingWatch, type RankingWatchOptions } from './ranking-watch.ts'
import { makeSyncSteps } from './sync-steps.ts'
import type { TrainObserver } from './train-events.ts'
import type { TrainingBatches } from './training-batches.ts'

/** What came of one stage. */
export type Advance =
  | { readonly kind: 'advanced'; readonly stage: Stage }
  /** The signal aborted in the middle of an evaluation, which is made again by the next call. */
  | { readonly kind: 'stopped'; readonly stage: Stage }
  /** The run has taken all its steps; nothing was done. */
  | { readonly kind: 'finished' }
  /** The loss or a weight is no longer a finite number, or the experiment's `trial` has failed; further calls say the same. */
  | { readonly kind: 'diverged'; readonly step: number }

/** What a loop is made of. Everything in it stays the caller's to dispose of. */
export interface LoopOptions {
  readonly plan: RunPlan
  /** Initialized with the plan's theta_0; with the checkpoint's state where the loop goes on from one. */
  readonly session: TrainSession
  /** From the batch of the next step on. */
  readonly batches: TrainingBatches
  /** How well the session does now, for example on the whole test set. When the signal aborts it rejects with the signal's reason. */
  readonly evaluate: (signal?: AbortSignal) => TE.TaskEither<SessionError, EvaluationScore>
  /** The same on training examples, right before; left out where the experiment does not ask for it. */
  readonly evaluateTraining?: LoopOptions['evaluate'] | undefined
  /** Default: once an epoch. */
  readonly evaluateAt?: EvaluationPolicy | undefined
  /** Least number of steps between two copies of the weights that are kept: at k = 1 a copy can cost more than a synchronization. Default: 20. */
  readonly keepEverySteps?: number | undefined
  /** What ranks weights where ranking distances are recorded, and tells what it costs. */
  readonly ranking?: RankingWatchOptions | undefined
  readonly observe?: TrainObserver | undefined
  /** Where to go on; default: before step 1. */
  readonly from?: Pick<Checkpoint, 'position' | 'kept' | 'best' | 'ranked'> | undefined
}

/** A loop between two stages. Not reentrant: await each call. */
export interface TrainingLoop {
  /** Where the loop stands; plain data. */
  readonly position: () => LoopPosition
  /** Whether all steps and evaluations are done. */
  readonly isFinished: () => boolean
  /** Run one stage. `Left` when the session fails; rejects with what the observer or the batches throw. */
  readonly advance: (signal?: AbortSignal) => TE.TaskEither<SessionError, Advance>
  /** The last good weights: of optimizers that synchronize right after a synchronization, theta_0 before the first. */
  readonly kept: () => Params
  /** The weights of the best evaluation; null before the first. */
  readonly best: () => Params | null
  /** For the end of a run that is cut short: optimizers that never synchronize keep the present weights. */
  readonly keepPresent: () => TE.TaskEither<SessionError, Advance>
  /** All that an exact continuation needs, but for the time that was spent. */
  readonly checkpoint: () => TE.TaskEither<SessionError, Omit<Checkpoint, 'elapsedMs'>>
}

/** Make a loop; nothing is computed yet. */
export const makeLoop = (options: LoopOptions): TrainingLoop => {
  const {
    plan,
    session,
    batches,
    from,
    evaluateAt = oncePerEpoch,
    keepEverySteps = 20,
    observe = () => undefined,
  } = options
  const { experiment, stepsPerEpoch, totalSteps } = plan
  const synchronizes = experiment.outer.kind !== 'none'
  const syncSteps = makeSyncSteps(experiment, totalSteps)
  const learningRate = makeLearningRate(experiment.learningRate, stepsPerEpoch)
  const watch = makeRankingWatch(plan, () => from?.ranked ?? drawInitialParams(plan), options.ranking)

  let position = from?.position ?? startPosition
  // Null stands for theta_0, which the seed gives back when it is wanted.
  let kept = from?.kept ?? null
  let best = from?.best ?? null
  let divergedAt: number | null = null

  const epochOf = (step: number) => Math.floor((step - 1) / stepsPerEpoch) + 1
  const update = (change: Partial<LoopPosition>): void => {
    position = { ...position, ...change }
  }
  const isFinished = (): boolean => position.stage === 'train' && position.step === totalSteps
  const lastGood = (): Params => kept ?? drawInitialParams(plan)

  const evaluate = async (
    signal: AbortSignal | undefined,
    scoreNow: LoopOptions['evaluate'] = options.evaluate,
  ): Promise<Evaluation | null> => {
    const { step } = position
    const { accuracy, loss } = await orThrow(scoreNow(signal))
    if (Number.isFinite(loss)) return { step, epoch: epochOf(step), accuracy, loss }
    divergedAt = step
    return null
  }
  const keep = async (): Promise<void> => {
    const params = await orThrow(session.readParams())
    if (allFinite(params)) {
      kept = params
      update({ keptStep: position.step })
    } else divergedAt ??= position.step
  }
  const synchronize = async (): Promise<void> => {
    const synced = await session.sync()()
    if (E.isRight(synced)) return
    if (synced.left._tag !== 'Diverged') throw new SessionFault(synced.left)
    divergedAt = position.step
  }
  const tellRanked = async (ranked = watch?.rankKept() ?? null): Promise<void> => {
    if (ranked === null) return
    update({ epochDistances: [...(position.epochDistances ?? []), ...ranked.measured] })
    await observe({ kind: 'rankingDistance', ...ranked })
  }
  const beginEpoch = async (step: number): Promise<void> => {
    if (evaluateAt.kind === 'lastSyncOfEpoch') {
      const end = position.step + stepsPerEpoch
      const last = synchronizes ? syncSteps.lastWithin(position.step, end, position.stepsSinceSync) : end
      update({ evaluationStep: last ?? 0 })
    }
    await observe({ kind: 'epochStart', epoch: epochOf(step), step })
  }
  /** Whether the present step is one after which a synchronization is due. */
  const isSync = (): boolean => syncSteps.isSync(position.step, position.stepsSinceSync)
  /** Of the policy that counts steps, whether the present step is evaluated. */
  const scheduleEvaluation = (): void => {
    if (evaluateAt.kind !== 'everySteps') return
    const { step, evaluationStep } = position
    const mayEvaluate = !synchronizes || evaluateAt.betweenSyncs === true || isSync()
    if (mayEvaluate && step - evaluationStep >= evaluateAt.steps) update({ evaluationStep: step })
  }

  const run: Record<Stage, (signal: AbortSignal | undefined) => Promise<void>> = {
    train: async () => {
      const step = position.step + 1
      if (position.step % stepsPerEpoch === 0) await beginEpoch(step)
      const batch = await batches.next()
      const running = orThrow(session.trainStep(batch, learningRate(step), step))
      batches.prepare()
      const ranked = watch?.rankKept() ?? null
      const { loss, correct } = await running
      await tellRanked(ranked)
      if (experiment.frozenZeros) await orThrow(session.sync())
      if (!Number.isFinite(loss)) {
        divergedAt = step
        return
      }
      update({
        step,
        stepsSinceSync: position.stepsSinceSync + 1,
        epochLossSum: position.epochLossSum + loss * batch.size,
        epochCorrect: position.epochCorrect + correct,
        epochExamples: position.epochExamples + batch.size,
      })
      const observed = observe({ kind: 'step', step, epoch: epochOf(step), loss })
      if (observed !== undefined) await observed
      // Before the synchronization: with ties among the initial weights it changes ranks, though nothing was learned.
      if (watch?.isDue(step)) await watch.keep((names) => orThrow(session.readParams(names)), step)
    },
    evaluateInner: async (signal) => {
      scheduleEvaluation()
      const { step, evaluationStep } = position
      const isBetweenSyncs = synchronizes && step === evaluationStep && !isSync()
      if (!experiment.evaluateInner && !isBetweenSyncs) return
      if (evaluationStep === 0 ? step % stepsPerEpoch !== 0 : step !== evaluationStep) return
      const inner = await evaluate(signal)
      if (inner === null) return
      update({ epochInner: inner })
      await observe({ kind: 'evaluation', series: 'inner', evaluation: inner, isBest: false })
    },
    sync: async () => {
      const { step, stepsSinceSync, synchronizations, keptStep, evaluationStep } = position
      if (!isSync()) return
      await synchronize()
      if (divergedAt !== null) return
      update({
        stepsSinceSync: 0,
        synchronizations: synchronizations + 1,
        finalSyncForced: syncSteps.isForced(step, stepsSinceSync),
      })
      if (step === evaluationStep || step - keptStep >= keepEverySteps) await keep()
      await observe({ kind: 'sync', step, synchronizations: position.synchronizations })
    },
    evaluate: async (signal) => {
      if (position.step !== position.evaluationStep) return
      if (synchronizes && position.stepsSinceSync !== 0) return
      if (!synchronizes) await keep()
      if (divergedAt !== null) return
      if (options.evaluateTraining !== undefined) {
        const epochTrained = await evaluate(signal, options.evaluateTraining)
        if (epochTrained === null) return
        update({ epochTrained })
      }
      const evaluation = await evaluate(signal)
      if (evaluation === null) return
      const isBest = position.best === null || evaluation.accuracy > position.best.accuracy
      update({ epochTest: evaluation, last: evaluation, ...(isBest ? { best: evaluation } : {}) })
      const weights = lastGood()
      await observe({ kind: 'evaluation', series: 'synchronized', evaluation, isBest, weights })
      if (isBest) {
        best = weights
        await observe({ kind: 'best', weights: best, evaluation })
      }
    },
    endEpoch: async () => {
      if (position.step % stepsPerEpoch !== 0) return
      await tellRanked()
      const { step, epochLossSum, epochCorrect, epochExamples, synchronizations, epochTest, epochInner } =
        position
      const { epochDistances = [], epochTrained = null } = position
      await observe({
        kind: 'epochEnd',
        metrics: {
          epoch: epochOf(step),
          step,
          learningRate: learningRate(step),
          trainLoss: epochLossSum / epochExamples,
          trainAccuracy: epochCorrect / epochExamples,
          synchronizations,
          test: epochTest,
          inner: epochInner,
          ...(options.evaluateTraining === undefined ? {} : { trained: epochTrained }),
          ...(watch === null ? {} : { rankingDistance: epochDistances }),
        },
      })
      update({ epochLossSum: 0, epochCorrect: 0, epochExamples: 0, epochTest: null, epochInner: null })
      if (options.evaluateTraining !== undefined) update({ epochTrained: null })
      if (watch !== null) update({ epochDistances: [] })
      if (failsTrial(experiment, epochOf(step), position.best?.accuracy ?? null)) divergedAt = step
    },
  }

  const advance = async (signal: AbortSignal | undefined): Promise<Advance> => {
    if (divergedAt !== null) return { kind: 'diverged', step: divergedAt }
    if (isFinished()) return { kind: 'finished' }
    const { stage } = position
    try {
      await run[stage](signal)
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) return { kind: 'stopped', stage }
      throw error
    }
    if (divergedAt !== null) {
      await tellRanked()
      return { kind: 'diverged', step: divergedAt }
    }
    update({ stage: stages[(stages.indexOf(stage) + 1) % stages.length] })
    return { kind: 'advanced', stage }
  }

  return {
    position: () => position,
    isFinished,
    advance: (signal) => catchingFaults(() => advance(signal)),
    kept: lastGood,
    best: () => best,
    keepPresent: () =>
      catchingFaults(async () => {
        if (!synchronizes) await keep()
        return divergedAt === null
          ? { kind: 'stopped', stage: position.stage }
          : { kind: 'diverged', step: divergedAt }
      }),
    checkpoint: () =>
      catchingFaults(async () => {
        await tellRanked()
        return {
          position,
          state: await orThrow(session.readState()),
          kept: lastGood(),
          best,
          ranked: watch?.last() ?? [],
        }
      }),
  }
}
