/**
 * One run: LaPerm, Adam and Lookahead in step with each other, from the same initial weights on the same batches.
 *
 * LaPerm's accuracy counts only right after a synchronization, when its weights are a permutation of theta_0; each synchronization is
 * followed by the proof of that.
 */
import { isSyncStep, type Params, rankingDistance, weightVectorsSize } from '@laperm/core'
import { type Examples, limitDataset, makeBatchFiller } from '@laperm/data'
import { type Engine, orThrow } from '@laperm/engine'
import { evaluateExamples } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { PerOptimizer, Progress, Snapshot } from '../messages/events.ts'
import { drawInitialParams } from '../settings/demo-models.ts'
import { type OptimizerName, optimizerNames, type RunSettings } from '../settings/run-settings.ts'
import { type Contenders, disposeContenders, makeContenders, ofEach, syncPeriodOf } from './contenders.ts'
import type { Shelved } from './data-shelf.ts'
import { proveRun } from './proof.ts'
import { makeReporter } from './reporter.ts'
import { takeSnapshot } from './snapshot.ts'

/** Least steps between two evaluations of an optimizer, and between two looks at the ranking distance. */
const every = { evaluation: 20, distance: 10 }

/** Test examples that are looked at while training: all would slow it down. */
const watchedExamples = ({ model }: RunSettings): number => (model === 'conv7-small' ? 200 : 500)

export interface TrainingRun {
  readonly engine: Engine
  readonly settings: RunSettings
  readonly contenders: Contenders
  readonly shelved: Shelved
  /** theta_0. */
  readonly initial: Params
  /** The test examples that accuracies are measured on while training. */
  readonly watched: Examples
  readonly step: () => number
  /** Whether LaPerm's weights are a permutation of theta_0 by the present step. */
  readonly isSynced: () => boolean
  /** Step 0's accuracy: the same for all, since nothing has been trained. */
  readonly begin: () => Promise<void>
  /** One step of each optimizer, with what is due after it. @throws Error in words when the loss is no number, SessionFault when a session fails. */
  readonly advance: () => Promise<void>
  readonly report: () => Progress
  readonly snapshot: (view: { readonly layer: string; readonly neuron: number }) => Promise<Snapshot>
  /** An optimizer's weights and their step; LaPerm's are those of the last synchronization. */
  readonly weights: (optimizer: OptimizerName) => Promise<{ readonly step: number; readonly params: Params }>
  readonly dispose: () => Promise<void>
}

/** Mean ranking distance of the first matrix, as a share of a vector's length. */
const distanceOf = (before: Params, after: Params): number => {
  const vectors = (params: Params) => {
    const first = params.find(({ role }) => role === 'kernel') ?? params[0]
    return { values: first.values, ...weightVectorsSize(first.shape) }
  }
  const distance = rankingDistance(vectors(before), vectors(after))
  return E.isLeft(distance) ? Number.NaN : distance.right.mean / distance.right.length
}

const requireFinite = (step: number, losses: PerOptimizer): void => {
  const diverged = optimizerNames.filter((name) => !Number.isFinite(losses[name]))
  if (diverged.length > 0)
    throw new Error(
      `Training has diverged at step ${step}: the loss of ${diverged.join(' and ')} is no longer a number. Choose a lower learning rate.`,
    )
}

/** Compile the sessions and set theta_0; no step is taken. */
export const makeTrainingRun = async (
  engine: Engine,
  settings: RunSettings,
  shelved: Shelved,
): Promise<TrainingRun> => {
  const { dataset, normalizer } = shelved
  const initial = drawInitialParams(settings)
  const contenders = await makeContenders(engine, settings, initial)
  const watched = limitDataset({ ...dataset, train: dataset.test }, watchedExamples(settings)).train
  const batchSize = Math.min(settings.batchSize, dataset.train.count)
  const filler = makeBatchFiller({
    examples: dataset.train,
    inputShape: dataset.inputShape,
    normalization: normalizer.statistics,
    augmentation: undefined,
    batchSize,
    seed: settings.seed,
    firstEpoch: 0,
    firstBatch: 0,
    endEpoch: Number.MAX_SAFE_INTEGER,
  })
  const inputs = new Float32Array(batchSize * filler.inputSize)
  const labels = new Uint8Array(batchSize)
  const reporter = makeReporter(() => performance.now())
  const sinceSync: Record<OptimizerName, number> = { laperm: 0, adam: 0, lookahead: 0 }
  let step = 0
  let lapermEvaluated = 0
  let synced = { step: 0, params: initial }

  const evaluate = async (optimizer: OptimizerName): Promise<void> => {
    const score = await orThrow(
      evaluateExamples(contenders[optimizer], normalizer, watched, filler.inputSize),
    )
    reporter.evaluated({ optimizer, step, accuracy: score.accuracy, loss: score.loss })
  }
  const synchronize = async (): Promise<void> => {
    for (const name of optimizerNames) {
      const period = syncPeriodOf(name, settings)
      sinceSync[name]++
      if (period === null || !isSyncStep(sinceSync[name], period)) continue
      await orThrow(contenders[name].sync())
      sinceSync[name] = 0
    }
    if (sinceSync.laperm !== 0) return
    synced = { step, params: await orThrow(contenders.laperm.readParams()) }
    reporter.synced(step, proveRun(settings, synced.params, step))
  }

  const advance = async (): Promise<void> => {
    const batch = filler.next(inputs, labels)
    if (batch === undefined) throw new Error('the data set has no more epochs')
    step++
    const looks = step % every.distance === 0
    const before = looks ? await orThrow(contenders.laperm.readParams()) : undefined
    const losses = await ofEach(contenders, async (session) => {
      const { loss } = await orThrow(session.trainStep(batch, settings.learningRate, step))
      return loss
    })
    requireFinite(step, losses)
    if (before !== undefined)
      reporter.distance({ step, value: distanceOf(before, await orThrow(contenders.laperm.readParams())) })
    await synchronize()
    reporter.loss(step, losses)
    if (sinceSync.laperm === 0 && step - lapermEvaluated >= every.evaluation) {
      lapermEvaluated = step
      await evaluate('laperm')
    }
    if (step % every.evaluation === 0) {
      await evaluate('adam')
      await evaluate('lookahead')
    }
  }

  return {
    engine,
    settings,
    contenders,
    shelved,
    initial,
    watched,
    step: () => step,
    isSynced: () => sinceSync.laperm === 0,
    begin: async () => {
      for (const name of optimizerNames) await evaluate(name)
    },
    advance,
    report: () => reporter.take(step, sinceSync.laperm),
    snapshot: async (view) =>
      takeSnapshot(view, synced.step, initial, synced.params, await orThrow(contenders.adam.readParams())),
    weights: async (optimizer) =>
      optimizer === 'laperm' ? synced : { step, params: await orThrow(contenders[optimizer].readParams()) },
    dispose: () => disposeContenders(contenders),
  }
}
