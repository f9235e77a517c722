/** Training batches in the run's order, each prepared while the engine computes the one before. */
import type { BatchJob, BatchSource, Dataset, Normalizer } from '@laperm/data'
import type { Batch } from '@laperm/engine'
import type { RunPlan } from './plan-run.ts'

/**
 * Starts a stream of batches: `makeInlineBatchSource` of `@laperm/data` anywhere, `makeBatchSource` of `@laperm/data/node` with a thread
 * for augmentation. Both fill the same batches.
 */
export type StartBatches = (job: BatchJob) => BatchSource

/** What a loop takes batches from. */
export interface TrainingBatches {
  /** The next step's batch; it stays untouched until the call after the next. Rejects when the thread that prepares batches has died. */
  readonly next: () => Promise<Batch>
  /** Begin with the batch after that one, unless that has begun; call it when the engine is busy. */
  readonly prepare: () => void
}

/**
 * Which batches a run trains on.
 *
 * @param step steps taken so far: the first batch is that of step `step + 1`.
 */
export const batchJobOf = (
  { experiment, stepsPerEpoch }: RunPlan,
  dataset: Dataset,
  normalizer: Normalizer,
  step = 0,
): BatchJob => ({
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

/** Batches of a source, which stays the caller's to dispose of. */
export const makeTrainingBatches = (source: BatchSource): TrainingBatches => {
  let pending: Promise<Batch | undefined> | undefined
  const prepare = (): void => {
    if (pending !== undefined) return
    pending = source.next()
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    pending.catch(() => undefined)
  }
  return {
    next: async () => {
      prepare()
      const batch = await pending
      pending = undefined
      if (batch === undefined) throw new RangeError('next: the run has no more batches')
      return batch
    },
    prepare,
  }
}

/**
 * The same batches for several loops that take their steps in turn: each gets every batch.
 *
 * @param count loops.
 * @returns one stream a loop. Its `next` throws RangeError when a loop asks for a batch while another has not had the one before.
 */
export const shareBatches = (batches: TrainingBatches, count: number): readonly TrainingBatches[] => {
  const taken = new Array<number>(count).fill(0)
  let current: Promise<Batch> | undefined
  let given = 0
  return taken.map((_, loop) => ({
    next: () => {
      if (taken[loop] === given) {
        if (taken.some((steps) => steps < given))
          throw new RangeError(
            `next: loop ${loop} is ahead; loops that share batches take their steps in turn`,
          )
        current = batches.next()
        given++
      }
      taken[loop]++
      return current as Promise<Batch>
    },
    prepare: batches.prepare,
  }))
}
