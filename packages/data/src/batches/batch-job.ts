/**
 * Which batches a training run sees, as plain data and a pure function of it: the same on the caller's thread and in a worker.
 */
import type { AugmentationSpec } from '../augmentation/affine-transform.ts'
import { makeAugmenter } from '../augmentation/augmenter.ts'
import { type Examples, fillLabels, type InputShape, inputSizeOf } from '../dataset.ts'
import { epochOrder } from './epoch-order.ts'
import type { NormalizationStatistics } from './normalization.ts'
import { normalizerFromStatistics } from './normalizer.ts'

/** Everything that decides the batches. Plain data: it can be posted to a worker. */
export interface BatchJob {
  readonly examples: Examples
  readonly inputShape: InputShape
  /** `normalizer.statistics`. */
  readonly normalization: NormalizationStatistics
  /** Of images only. */
  readonly augmentation: AugmentationSpec | undefined
  /** At most the number of examples. The last batch of an epoch is smaller where it does not divide them. */
  readonly batchSize: number
  /** Decides the order of each epoch and every transform. */
  readonly seed: number
  /** The first batch: a run that is resumed begins in the middle. Epochs and batches are numbered as the caller likes to, batches from 0. */
  readonly firstEpoch: number
  readonly firstBatch: number
  /** The first epoch that is not delivered any more. */
  readonly endEpoch: number
}

/** A batch, ready to train on. `inputs` is `[size, ...inputShape]` float32. */
export interface TrainingBatch {
  readonly inputs: Float32Array
  readonly labels: Uint8Array
  readonly size: number
  readonly epoch: number
  /** Number of the batch within its epoch, from 0. */
  readonly batch: number
}

/** Writes the job's batches one after the other. */
export interface BatchFiller {
  /** The next batch in the buffers given (`batchSize` inputs, `batchSize` labels), or `undefined` after the last. */
  readonly next: (inputs: Float32Array, labels: Uint8Array) => TrainingBatch | undefined
  readonly inputSize: number
}

const requireJob = (job: BatchJob): void => {
  const { examples, batchSize, firstEpoch, firstBatch, endEpoch } = job
  if (!Number.isSafeInteger(batchSize) || batchSize < 1 || batchSize > examples.count)
    throw new RangeError(
      `batchSize is ${batchSize}, but must be an integer from 1 to the ${examples.count} examples`,
    )
  const batches = Math.ceil(examples.count / batchSize)
  if (!Number.isSafeInteger(firstBatch) || firstBatch < 0 || firstBatch >= batches)
    throw new RangeError(`firstBatch is ${firstBatch}, but an epoch has the batches 0 to ${batches - 1}`)
  if (!Number.isSafeInteger(firstEpoch) || !Number.isSafeInteger(endEpoch))
    throw new RangeError(`firstEpoch and endEpoch are ${firstEpoch} and ${endEpoch}, but must be integers`)
}

/**
 * Start a job.
 *
 * @throws RangeError when a field breaks its rule.
 */
export const makeBatchFiller = (job: BatchJob): BatchFiller => {
  requireJob(job)
  const { examples, inputShape, batchSize, seed, endEpoch } = job
  const inputSize = inputSizeOf(inputShape)
  const normalizer = normalizerFromStatistics(job.normalization)
  const augmenter =
    job.augmentation === undefined ? undefined : makeAugmenter(job.augmentation, inputShape, seed)
  let epoch = job.firstEpoch
  let batch = job.firstBatch
  let order: Uint32Array | undefined

  const next: BatchFiller['next'] = (inputs, labels) => {
    if (epoch >= endEpoch) return undefined
    order ??= epochOrder(examples.count, seed, epoch)
    const start = batch * batchSize
    const size = Math.min(batchSize, examples.count - start)
    if (augmenter === undefined) normalizer.fill(examples, order, start, size, inputs)
    else {
      augmenter.fill(examples, epoch, order, start, size, inputs)
      normalizer.fillFrom(inputs, size, inputs)
    }
    fillLabels(examples, order, start, size, labels)
    const filled: TrainingBatch = {
      inputs: size === batchSize ? inputs : inputs.subarray(0, size * inputSize),
      labels: size === batchSize ? labels : labels.subarray(0, size),
      size,
      epoch,
      batch,
    }
    batch++
    if (start + size === examples.count) {
      batch = 0
      epoch++
      order = undefined
    }
    return filled
  }
  return { next, inputSize }
}
