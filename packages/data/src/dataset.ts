/**
 * What a data set is once it has been read: numbers and labels in memory, nothing about where they came from.
 */

/** `[height, width, channels]` of an image. */
export type ImageShape = readonly [number, number, number]

/** The shape of one input: that of an image, or `[length]` of a flat vector. */
export type InputShape = ImageShape | readonly [number]

/** Whether inputs of this shape are images: only those can be augmented. */
export const isImageShape = (shape: InputShape): shape is ImageShape => shape.length === 3

/** How many values an input of this shape has. */
export const inputSizeOf = (shape: InputShape): number =>
  isImageShape(shape) ? shape[0] * shape[1] * shape[2] : shape[0]

/** Labelled inputs. Owned by whoever made them; functions of this package never write them. */
export interface Examples {
  /**
   * `[count, ...inputShape]` row-major, channels last. Bytes are pixels in 0..255; floats are values of any range, all finite. May lie in
   * shared memory, so that workers can read it without a copy.
   */
  readonly inputs: Uint8Array | Float32Array
  /** `[count]` class numbers, each below {@link Dataset.classes}. */
  readonly labels: Uint8Array
  readonly count: number
}

/** A data set: training and test examples of one shape. `makeDataset` makes a checked one from arrays. */
export interface Dataset {
  readonly name: string
  readonly inputShape: InputShape
  readonly classes: number
  readonly train: Examples
  readonly test: Examples
  /** What a person should know before trusting results: an accepted checksum, a file that could not be verified. */
  readonly warnings: readonly string[]
}

/** {@link Examples} that are images of bytes. */
export interface PixelExamples extends Examples {
  readonly inputs: Uint8Array
}

/** A data set of images of bytes, as all the built-in ones are. */
export interface PixelDataset extends Dataset {
  readonly inputShape: ImageShape
  readonly train: PixelExamples
  readonly test: PixelExamples
}

/**
 * Bytes that worker threads can share, where the runtime has shared memory (Node always; browsers when cross-origin isolated).
 *
 * @param sizeBytes length of the array, zero-filled.
 */
export const allocateBytes = (sizeBytes: number): Uint8Array =>
  typeof SharedArrayBuffer === 'undefined'
    ? new Uint8Array(sizeBytes)
    : new Uint8Array(new SharedArrayBuffer(sizeBytes))

/** The same for float32 values. */
export const allocateFloats = (length: number): Float32Array =>
  typeof SharedArrayBuffer === 'undefined'
    ? new Float32Array(length)
    : new Float32Array(new SharedArrayBuffer(4 * length))

/**
 * Write the labels of a batch: `out[i] = examples.labels[indices[start + i]]` for `i < size`.
 *
 * @param indices example numbers, e.g. from `epochOrder`; each below `examples.count` (not checked: this is a hot loop).
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

const firstExamples = (
  examples: Examples,
  limit: number | null,
  inputSize: number,
  name: string,
): Examples => {
  if (limit === null) return examples
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`${name} is ${limit}, but must be a positive integer`)
  return limit >= examples.count
    ? examples
    : {
        inputs: examples.inputs.subarray(0, limit * inputSize),
        labels: examples.labels.subarray(0, limit),
        count: limit,
      }
}

/**
 * The same data set with only the first training examples, and the first test examples.
 *
 * The files' own order is kept (the built-in sets come in random class order), so a larger limit always contains a smaller one and
 * no seed is involved. Nothing is copied: the result views the same memory.
 *
 * @param limit of the training examples, at least 1; null, and more than there are, mean all.
 * @param testLimit of the test examples; default: all.
 * @throws RangeError when a limit is not a positive integer.
 */
export const limitDataset = (
  dataset: Dataset,
  limit: number | null,
  testLimit: number | null = null,
): Dataset => {
  const size = inputSizeOf(dataset.inputShape)
  const train = firstExamples(dataset.train, limit, size, 'limit')
  const test = firstExamples(dataset.test, testLimit, size, 'testLimit')
  return train === dataset.train && test === dataset.test ? dataset : { ...dataset, train, test }
}
