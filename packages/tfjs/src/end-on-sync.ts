/**
 * A callback for `model.fit` and `fitDataset` that ends every epoch and the training on a synchronization, so that validation sees permutations of
 * the initial weights, and what is kept is one.
 */
import { warnOnConsole } from './options.ts'
import type { OuterOptimizer } from './outer-optimizer.ts'

/** Settings of {@link endOnSync}. */
export interface EndOnSyncOptions {
  /** Batches in an epoch, where tfjs does not know them itself (a dataset without a size, in its first epoch). */
  readonly batchesPerEpoch?: number
  /** Stop early: at the first synchronization at or after the batch for which `when` is true. */
  readonly stop?: {
    /** The model that is being trained. */
    readonly model: { stopTraining: boolean }
    /** Whether training may stop; asked after every batch, from 0 on in each epoch. */
    readonly when: (epoch: number, batch: number, logs: unknown) => boolean
  }
  /** Told where an epoch's validation saw unsynchronized weights. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void
}

/** What tfjs-layers tells a callback about the training, as far as it is used here. */
export interface FitParams {
  readonly steps?: number | null
  readonly samples?: number | null
  readonly batchSize?: number | null
  readonly doValidation?: boolean
}

/** tfjs calls a plain callback's functions on an object of its own, which has the parameters too. */
interface CallbackThis {
  readonly params?: unknown
}

/** A callback of tfjs-layers: alone, in a list of plain ones, or behind tfjs's own (`[tf.callbacks.earlyStopping(), endOnSync(optimizer)]`). */
export interface EndOnSyncCallback {
  params: { [name: string]: number | string | boolean | number[] | string[] | boolean[] }
  /** tfjs's own callbacks have it; nothing here reads it. */
  validationData: never[]
  /** Called by tfjs with what it knows of the training. */
  setParams(params: EndOnSyncCallback['params']): void
  /** Called by tfjs with the model. */
  setModel(model: unknown): void
  /** Does nothing. */
  onTrainBegin(): Promise<void>
  /** Remembers the epoch. */
  onEpochBegin(epoch: number): Promise<void>
  /** Asks for a synchronization where the batch is the epoch's last. */
  onBatchBegin(this: CallbackThis, batch: number): Promise<void>
  /** Stops training where that is wished and the weights are synchronized. */
  onBatchEnd(batch: number, logs?: unknown): Promise<void>
  /** Rejects with DivergedError where a backend that cannot be read synchronously met NaN. */
  onEpochEnd(this: CallbackThis, epoch: number): Promise<void>
  /** Synchronizes, unless the last step did. */
  onTrainEnd(): Promise<void>
}

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 1

const paramsOf = ({ params }: CallbackThis): FitParams =>
  typeof params === 'object' && params !== null ? params : {}

/** Batches of an epoch by tfjs's parameters: `fitDataset` gives steps, `fit` the samples and the batch size. */
const batchesOf = ({ steps, samples, batchSize }: FitParams): number | undefined => {
  if (isPositive(steps)) return steps
  return isPositive(samples) && isPositive(batchSize) ? Math.ceil(samples / batchSize) : undefined
}

/**
 * End every epoch and the training on a synchronization.
 *
 * The last step of each epoch synchronizes, so that the epoch's validation, which `fit` runs inside that step, sees synchronized weights. How many
 * batches there are tfjs says; of a dataset without a size the first epoch's are counted, and its validation is named as unsynchronized.
 *
 * @param optimizer the one that the model was compiled with.
 * @throws RangeError when `batchesPerEpoch` is no positive integer.
 * @example
 * ```ts
 * const callbacks = [tf.callbacks.earlyStopping({ monitor: 'val_loss' }), endOnSync(optimizer)]
 * await model.fit(x, y, { epochs: 30, validationData: [vx, vy], callbacks })
 * ```
 */
export const endOnSync = (optimizer: OuterOptimizer, options: EndOnSyncOptions = {}): EndOnSyncCallback => {
  const { batchesPerEpoch, stop, onWarning = warnOnConsole } = options
  if (batchesPerEpoch !== undefined && !isPositive(batchesPerEpoch))
    throw new RangeError(`batchesPerEpoch: must be an integer of at least 1, got ${batchesPerEpoch}`)
  let epoch = 0
  let batches = 0
  let batchesBefore: number | undefined
  let stopping = false
  return {
    params: {},
    validationData: [],
    setParams(params) {
      this.params = params
    },
    setModel: () => undefined,
    onTrainBegin: async () => undefined,
    onEpochBegin: async (begun) => {
      epoch = begun
      batches = 0
    },
    async onBatchBegin(batch) {
      const last = batchesPerEpoch ?? batchesOf(paramsOf(this)) ?? batchesBefore
      if (batch + 1 === last) optimizer.syncAfterNextStep()
    },
    onBatchEnd: async (batch, logs) => {
      batches = batch + 1
      if (stop === undefined) return
      stopping ||= stop.when(epoch, batch, logs)
      if (stopping && optimizer.stepsSinceSync === 0) stop.model.stopTraining = true
    },
    async onEpochEnd(ended) {
      if (paramsOf(this).doValidation === true && optimizer.stepsSinceSync > 0)
        onWarning(
          `endOnSync: the val_ figures of epoch ${ended + 1} are of unsynchronized weights, because the number of batches was ${batchesBefore === undefined ? 'not known before its end' : 'another than before'}. Give { batchesPerEpoch: ${batches} }.`,
        )
      batchesBefore = batches
      await optimizer.checkDiverged()
    },
    onTrainEnd: async () => {
      if (optimizer.stepsSinceSync > 0) optimizer.syncNow()
    },
  }
}
