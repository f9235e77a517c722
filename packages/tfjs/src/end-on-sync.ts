/**
 * A callback for `model.fit` and `fitDataset` that ends training on a synchronization, so that what is kept is a permutation of the
 * initial weights.
 */
import type { OuterOptimizer } from './outer-optimizer.ts'

/** Settings of {@link endOnSync}. */
export interface EndOnSyncOptions {
  /**
   * Batches in an epoch. Where given, the last step of each epoch synchronizes, so that the epoch's validation, which `fit` runs inside
   * that step, sees synchronized weights too.
   */
  readonly batchesPerEpoch?: number
  /** Stop early: at the first synchronization at or after the batch for which `when` is true. */
  readonly stop?: {
    /** The model that is being trained. */
    readonly model: { stopTraining: boolean }
    /** Whether training may stop; asked after every batch, from 0 on in each epoch. */
    readonly when: (epoch: number, batch: number, logs: unknown) => boolean
  }
}

/** What `model.fit` takes as `callbacks`. */
export interface EndOnSyncCallback {
  /** Remembers the epoch. */
  readonly onEpochBegin: (epoch: number) => void
  /** Asks for a synchronization where the batch is the epoch's last. */
  readonly onBatchBegin: (batch: number) => void
  /** Stops training where that is wished and the weights are synchronized. */
  readonly onBatchEnd: (batch: number, logs?: unknown) => void
  /** Rejects with DivergedError where a backend that cannot be read synchronously met NaN. */
  readonly onEpochEnd: () => Promise<void>
  /** Synchronizes, unless the last step did. */
  readonly onTrainEnd: () => void
}

/**
 * End training on a synchronization.
 *
 * @param optimizer the one that the model was compiled with.
 * @throws RangeError when `batchesPerEpoch` is no positive integer.
 * @example
 * ```ts
 * await model.fit(x, y, { epochs: 3, callbacks: endOnSync(optimizer, { batchesPerEpoch: 120 }) })
 * ```
 */
export const endOnSync = (optimizer: OuterOptimizer, options: EndOnSyncOptions = {}): EndOnSyncCallback => {
  const { batchesPerEpoch, stop } = options
  if (batchesPerEpoch !== undefined && !(Number.isSafeInteger(batchesPerEpoch) && batchesPerEpoch >= 1))
    throw new RangeError(`batchesPerEpoch: must be an integer of at least 1, got ${batchesPerEpoch}`)
  let epoch = 0
  let stopping = false
  return {
    onEpochBegin: (begun) => {
      epoch = begun
    },
    onBatchBegin: (batch) => {
      if (batch + 1 === batchesPerEpoch) optimizer.syncAfterNextStep()
    },
    onBatchEnd: (batch, logs) => {
      if (stop === undefined) return
      stopping ||= stop.when(epoch, batch, logs)
      if (stopping && optimizer.stepsSinceSync === 0) stop.model.stopTraining = true
    },
    onEpochEnd: () => optimizer.checkDiverged(),
    onTrainEnd: () => {
      if (optimizer.stepsSinceSync > 0) optimizer.syncNow()
    },
  }
}
