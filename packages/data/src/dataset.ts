/**
 * What a data set is once it has been read: bytes and labels in memory, nothing about where they came from.
 */

/** The data sets that {@link loadDataset} knows, as a person types them. */
export type DatasetName = 'digits' | 'mnist' | 'fashion-mnist' | 'cifar10'

/** Every {@link DatasetName}, in the order to show them. */
export const datasetNames: readonly DatasetName[] = ['digits', 'mnist', 'fashion-mnist', 'cifar10']

/** Labelled images. Owned by whoever made them; functions of this package never write them. */
export interface Examples {
  /** `[count, height, width, channels]` row-major, 0..255. May lie in shared memory, so that workers can read it without a copy. */
  readonly images: Uint8Array
  /** `[count]` class numbers, each below {@link Dataset.classes}. */
  readonly labels: Uint8Array
  readonly count: number
}

/** A data set: training and test examples of one shape. */
export interface Dataset {
  readonly name: string
  /** `[height, width, channels]`. */
  readonly inputShape: readonly [number, number, number]
  readonly classes: number
  readonly train: Examples
  readonly test: Examples
  /** What a person should know before trusting results: an accepted checksum, a file that could not be verified. */
  readonly warnings: readonly string[]
}

/**
 * Bytes that worker threads can share, where the runtime has shared memory (Node always; browsers when cross-origin isolated).
 *
 * @param sizeBytes length of the array, zero-filled.
 */
export const allocateImageBytes = (sizeBytes: number): Uint8Array =>
  typeof SharedArrayBuffer === 'undefined'
    ? new Uint8Array(sizeBytes)
    : new Uint8Array(new SharedArrayBuffer(sizeBytes))

/**
 * Write the labels of a batch: `out[i] = examples.labels[indices[start + i]]` for `i < size`.
 *
 * @param indices example numbers, e.g. from {@link epochOrder}; each below `examples.count` (not checked: this is a hot loop).
 * @param out at least `size` long.
 * @throws RangeError when `indices` or `out` is too short.
 */
export const fillLabels = (
  examples: Examples,
  indices: Uint32Array,
  start: number,
  size: number,
  out: Uint8Array,
): void => {
  if (start < 0 || start + size > indices.length)
    throw new RangeError(`indices: ${start} + ${size} is beyond the ${indices.length} given`)
  if (out.length < size) throw new RangeError(`out: must hold ${size} labels, but has room for ${out.length}`)
  const { labels } = examples
  for (let i = 0; i < size; i++) out[i] = labels[indices[start + i]]
}

/**
 * The same data set with only the first `limit` training examples; the test examples stay whole.
 *
 * The files' own order is kept (the sets here come in random class order), so a larger limit always contains a smaller one and
 * no seed is involved. Nothing is copied: the result views the same memory.
 *
 * @param limit at least 1; more than there are means all.
 * @throws RangeError when limit is not a positive integer.
 */
export const limitDataset = (dataset: Dataset, limit: number): Dataset => {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`limit is ${limit}, but must be a positive integer`)
  const { train, inputShape } = dataset
  if (limit >= train.count) return dataset
  const [height, width, channels] = inputShape
  return {
    ...dataset,
    train: {
      images: train.images.subarray(0, limit * height * width * channels),
      labels: train.labels.subarray(0, limit),
      count: limit,
    },
  }
}
