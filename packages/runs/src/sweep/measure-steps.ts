/** What a run's parts take on this machine, measured by doing a few of them: for telling beforehand how long runs will take. */
import { type Dataset, inputSizeOf, makeInlineBatchSource, makeNormalizer } from '@laperm/data'
import { type Engine, orThrow, type TrainSession } from '@laperm/engine'
import {
  batchJobOf,
  evaluateExamples,
  evaluationBatchSize,
  makeTrainingBatches,
  type RunPlan,
  startSession,
} from '@laperm/train'
import { either as E } from 'fp-ts'

/** What a run's parts take, in milliseconds. */
export interface StepCost {
  readonly stepMs: number
  readonly syncMs: number
  /** One evaluation of the whole test set. */
  readonly evaluationMs: number
}

/** Long enough for a median of small steps; of large ones a few must do. */
const measuredMs = 500
const leastSteps = 3

const medianOf = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await act()
  return performance.now() - start
}

const measure = async (plan: RunPlan, dataset: Dataset, session: TrainSession): Promise<StepCost> => {
  const { experiment } = plan
  const normalizer = makeNormalizer(experiment.normalization, dataset.train, dataset.inputShape)
  const source = makeInlineBatchSource(batchJobOf(plan, dataset, normalizer))
  try {
    const batches = makeTrainingBatches(source)
    const steps: number[] = []
    const began = performance.now()
    for (let step = 1; steps.length < leastSteps || performance.now() - began < measuredMs; step++) {
      if (step > plan.totalSteps && steps.length > 0) break
      const taken = await timed(async () => orThrow(session.trainStep(await batches.next(), 1e-6, step)))
      // The first one allocates.
      if (step > 1 || plan.totalSteps === 1) steps.push(taken)
    }
    const syncMs = await timed(() => orThrow(session.sync()))
    const count = Math.min(dataset.test.count, evaluationBatchSize(session.inferred.layers))
    const some = {
      ...dataset.test,
      count,
      inputs: dataset.test.inputs.subarray(0, count * inputSizeOf(dataset.inputShape)),
      labels: dataset.test.labels.subarray(0, count),
    }
    const inputSize = inputSizeOf(dataset.inputShape)
    const once = () => orThrow(evaluateExamples(session, normalizer, some, inputSize))
    await once()
    const evaluationMs = ((await timed(once)) * dataset.test.count) / count
    return { stepMs: medianOf(steps), syncMs, evaluationMs }
  } finally {
    await source.dispose()
  }
}

/**
 * Measure a planned run's steps, a synchronization and an evaluation.
 *
 * @returns null when the session fails: training will say why.
 */
export const measureSteps = async (
  plan: RunPlan,
  dataset: Dataset,
  engine: Engine,
): Promise<StepCost | null> => {
  // What steps take does not depend on which weights they begin with, and those of another run may not be there yet.
  const { sparsity } = plan.experiment
  const isScored = sparsity.kind === 'synflow' || sparsity.kind === 'magnitude'
  const drawn = {
    ...plan,
    experiment: {
      ...plan.experiment,
      shuffledFrom: null,
      sparsity: isScored ? ({ kind: 'none' } as const) : sparsity,
    },
  }
  const session = await startSession(drawn, engine)()
  if (E.isLeft(session)) return null
  try {
    return await measure(plan, dataset, session.right)
  } catch {
    return null
  } finally {
    await session.right.dispose()
  }
}
