/**
 * The training loop as a machine of five stages between which it can stop and go on: train a step, evaluate the inner optimizer's
 * weights, synchronize, evaluate, end the epoch.
 *
 * An accuracy counts only right after a synchronization (optimizers that never synchronize: at each epoch's end), so that every kept
 * weight is a permutation of theta_0. The loop prints nothing and touches no file: it reports to an observer.
 */
import { makeLearningRate, type Params } from '@laperm/core'
import { type Dataset, makeNormalizer } from '@laperm/data'
import { orThrow, SessionFault, type TrainSession } from '@laperm/engine'
import { either as E } from 'fp-ts'
import type { Checkpoint } from './checkpoint.ts'
import { evaluateExamples } from './evaluate.ts'
import type { Experiment } from './experiment.ts'
import { redrawInitialParams } from './initial-params.ts'
import { type Evaluation, type LoopPosition, type Stage, stages, startPosition } from './loop-position.ts'
import type { RunPlan } from './plan-run.ts'
import { makeSyncSteps } from './sync-steps.ts'
import type { TrainObserver } from './train-events.ts'
import { makeTrainingBatches, type StartBatches } from './training-batches.ts'

/** How a loop ended. */
export interface LoopResult {
  readonly status: 'finished' | 'interrupted' | 'diverged'
  readonly position: LoopPosition
  /** The last good weights (see {@link Checkpoint}). */
  readonly kept: Params
  readonly best: Params | null
  /** The step whose loss or weights were not finite; null unless diverged. */
  readonly divergedAt: number | null
}

export interface LoopOptions {
  readonly experiment: Experiment
  readonly plan: RunPlan
  readonly dataset: Dataset
  readonly startBatches: StartBatches
  /** Initialized with theta_0; not disposed here. */
  readonly session: TrainSession
  readonly observe: TrainObserver
  readonly signal: AbortSignal | undefined
  /** Where to go on; undefined starts at step 0. */
  readonly resumeFrom: Checkpoint | undefined
  /** Least time between two checkpoints; it never changes a result. */
  readonly checkpointEveryMs: number
}

/**
 * Least number of steps between two copies of the weights that are kept for a run that diverges. At k = 1 a copy each
 * synchronization would cost more than the synchronization.
 */
const keepEverySteps = 20

/** A checkpoint may take this share of the time, so that a slow disk slows down checkpoints and not training. */
const checkpointTimeShare = 0.02

const allFinite = (params: Params): boolean =>
  params.every(({ values }) => {
    // A sum of squares is NaN or infinite exactly when a float32 value is: doubles do not overflow here.
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
    return Number.isFinite(sum)
  })

/**
 * Run the loop to its end, to the first NaN, or until the signal aborts.
 *
 * @throws SessionFault (a rejection) when the session fails: its device is lost, memory does not suffice, the engine stopped.
 */
export const runTrainingLoop = async (options: LoopOptions): Promise<LoopResult> => {
  const { experiment, plan, dataset, session, observe, signal, resumeFrom } = options
  const { stepsPerEpoch, totalSteps, inferred } = plan
  const synchronizes = experiment.outer.kind !== 'none'
  const syncSteps = makeSyncSteps(experiment, totalSteps)
  const learningRate = makeLearningRate(experiment.learningRate, stepsPerEpoch)
  const inputSize = inferred.model.inputShape.reduce((product, axis) => product * axis, 1)
  const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)

  let position = resumeFrom?.position ?? startPosition
  // Null stands for theta_0, which the seed gives back when it is wanted.
  let kept = resumeFrom?.kept ?? null
  let best = resumeFrom?.best ?? null
  let divergedAt: number | null = null

  const epochOf = (step: number) => Math.floor((step - 1) / stepsPerEpoch) + 1
  const update = (change: Partial<LoopPosition>): void => {
    position = { ...position, ...change }
  }
  const goOn = (): void => {
    const next = stages[(stages.indexOf(position.stage) + 1) % stages.length]
    update({ stage: next })
  }

  const lastGood = (): Params => kept ?? redrawInitialParams(experiment)
  const evaluate = async (): Promise<Evaluation | null> => {
    const score = await orThrow(evaluateExamples(session, normalizer, dataset.test, inputSize, signal))
    if (!Number.isFinite(score.loss)) return null
    return { step: position.step, epoch: epochOf(position.step), accuracy: score.accuracy, loss: score.loss }
  }
  const keep = async (): Promise<void> => {
    const params = await orThrow(session.readParams())
    if (allFinite(params)) {
      kept = params
      update({ keptStep: position.step })
    } else divergedAt = position.step
  }
  const synchronize = async (): Promise<void> => {
    const synced = await session.sync()()
    if (E.isRight(synced)) return
    if (synced.left._tag !== 'Diverged') throw new SessionFault(synced.left)
    divergedAt = position.step
  }

  const batches = makeTrainingBatches(
    options.startBatches,
    experiment,
    dataset,
    normalizer,
    stepsPerEpoch,
    position.step,
  )
  const run: Record<Stage, () => Promise<void>> = {
    train: async () => {
      const step = position.step + 1
      if (position.step % stepsPerEpoch === 0) {
        const end = position.step + stepsPerEpoch
        const last = synchronizes ? syncSteps.lastWithin(position.step, end, position.stepsSinceSync) : end
        update({ evaluationStep: last ?? 0 })
        await observe({ kind: 'epochStart', epoch: epochOf(step), step })
      }
      const batch = await batches.next()
      const running = orThrow(session.trainStep(batch, learningRate(step), step))
      batches.prepare()
      const { loss, correct } = await running
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
      if (observed instanceof Promise) await observed
    },
    evaluateInner: async () => {
      const { step, evaluationStep } = position
      if (!experiment.evaluateInner) return
      if (evaluationStep === 0 ? step % stepsPerEpoch !== 0 : step !== evaluationStep) return
      const inner = await evaluate()
      if (inner === null) {
        divergedAt = position.step
        return
      }
      update({ epochInner: inner })
      await observe({ kind: 'evaluation', series: 'inner', evaluation: inner, isBest: false })
    },
    sync: async () => {
      const { step, stepsSinceSync, synchronizations, keptStep, evaluationStep } = position
      if (!syncSteps.isSync(step, stepsSinceSync)) return
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
    evaluate: async () => {
      if (position.step !== position.evaluationStep) return
      if (!synchronizes) await keep()
      if (divergedAt !== null) return
      const evaluation = await evaluate()
      if (evaluation === null) {
        divergedAt = position.step
        return
      }
      const isBest = position.best === null || evaluation.accuracy > position.best.accuracy
      update({ epochTest: evaluation, last: evaluation, ...(isBest ? { best: evaluation } : {}) })
      await observe({ kind: 'evaluation', series: 'synchronized', evaluation, isBest })
      if (isBest) {
        best = lastGood()
        await observe({ kind: 'best', weights: best, evaluation })
      }
    },
    endEpoch: async () => {
      const { step, epochLossSum, epochCorrect, epochExamples, synchronizations, epochTest, epochInner } =
        position
      if (step % stepsPerEpoch !== 0) return
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
        },
      })
      update({ epochLossSum: 0, epochCorrect: 0, epochExamples: 0, epochTest: null, epochInner: null })
    },
  }

  let lastClock = performance.now()
  let nextCheckpoint = lastClock + options.checkpointEveryMs
  const countTime = (): void => {
    const now = performance.now()
    update({ elapsedMs: position.elapsedMs + now - lastClock })
    lastClock = now
  }
  const checkpoint = async (): Promise<void> => {
    countTime()
    const started = lastClock
    await observe({
      kind: 'checkpoint',
      checkpoint: { position, state: await orThrow(session.readState()), kept: lastGood(), best },
    })
    const tookMs = performance.now() - started
    nextCheckpoint = started + Math.max(options.checkpointEveryMs, tookMs / checkpointTimeShare)
  }
  const isAborted = (): boolean => signal?.aborted === true
  const result = (status: LoopResult['status']): LoopResult => {
    countTime()
    return { status, position, kept: lastGood(), best, divergedAt }
  }

  try {
    await observe({
      kind: 'start',
      step: position.step,
      stepsPerEpoch,
      totalSteps,
      epochs: experiment.epochs,
    })
    for (;;) {
      if (position.stage === 'train' && position.step === totalSteps) return result('finished')
      if (isAborted()) {
        await checkpoint()
        if (!synchronizes) await keep()
        return result('interrupted')
      }
      try {
        await run[position.stage]()
      } catch (error) {
        if (isAborted() && error === signal?.reason) continue
        throw error
      }
      if (divergedAt !== null) return result('diverged')
      goOn()
      if (performance.now() >= nextCheckpoint) await checkpoint()
    }
  } finally {
    await batches.close()
  }
}
