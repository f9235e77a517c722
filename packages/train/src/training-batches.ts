/** Training batches in the run's order, each prepared while the engine computes the one before. */
import type { BatchJob, BatchSource, Dataset, Normalizer } from '@laperm/data'
import type { Batch } from '@laperm/engine'
import type { Experiment } from './experiment.ts'

/**
 * Starts a stream of batches: `makeInlineBatchSource` of `@laperm/data` anywhere, `makeBatchSource` of `@laperm/data/node` with a thread
 * for augmentation. Both fill the same batches.
 */
export type StartBatches = (job: BatchJob) => BatchSource

export interface TrainingBatches {
  /** The next step's batch; it stays untouched until the call after the next. Rejects when the thread that prepares batches has died. */
  readonly next: () => Promise<Batch>
  /** Begin with the batch after that one; call it when the engine is busy. */
  readonly prepare: () => void
  readonly close: () => Promise<void>
}

/**
 * @param start makes the stream; it is closed with the batches.
 * @param step steps taken so far: the first batch is that of step `step + 1`.
 */
export const makeTrainingBatches = (
  start: StartBatches,
  experiment: Experiment,
  dataset: Dataset,
  normalizer: Normalizer,
  stepsPerEpoch: number,
  step: number,
): TrainingBatches => {
  const source = start({
    examples: dataset.train,
    inputShape: dataset.inputShape,
    normalization: normalizer.statistics,
    augmentation: experiment.augmentation ?? undefined,
    batchSize: experiment.batchSize,
    seed: experiment.seed,
    firstEpoch: Math.floor(step / stepsPerEpoch),
    firstBatch: step % stepsPerEpoch,
    endEpoch: experiment.epochs,
  })
  let pending: Promise<Batch | undefined> | undefined
  const prepare = (): void => {
    pending = source.next()
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    pending.catch(() => undefined)
  }
  return {
    next: async () => {
      if (pending === undefined) prepare()
      const batch = await pending
      pending = undefined
      if (batch === undefined) throw new RangeError('next: the run has no more batches')
      return batch
    },
    prepare,
    close: source.dispose,
  }
}
