/**
 * CIFAR-10's binary batches: records of a label and three planes of 32x32. Parsing only, no files.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html "Binary version"
 */
import { DataProblem } from '../data-problem.ts'
import { allocateBytes, type PixelExamples } from '../dataset.ts'
import { requireLabels } from './idx.ts'

export const cifarShape = [32, 32, 3] as const
export const cifarClasses = 10
/** Bytes of one example: the label, then 1024 red, 1024 green and 1024 blue values. */
export const cifarRecordBytes = 3073
/** Examples in a published batch; a batch with more is refused. */
export const cifarBatchExamples = 10_000

const plane = 32 * 32

/** Throw `WrongLength` unless a batch of this size holds 1 to 10,000 whole records. */
export const requireCifarBatchSize = (file: string, sizeBytes: number): void => {
  const count = Math.floor(sizeBytes / cifarRecordBytes)
  if (count >= 1 && count <= cifarBatchExamples && count * cifarRecordBytes === sizeBytes) return
  const nearest = Math.min(Math.max(Math.ceil(sizeBytes / cifarRecordBytes), 1), cifarBatchExamples)
  throw new DataProblem({
    _tag: 'WrongLength',
    file,
    expectedBytes: nearest * cifarRecordBytes,
    foundBytes: sizeBytes,
  })
}

/** One batch with its name for errors. */
export interface CifarBatch {
  readonly file: string
  readonly bytes: Uint8Array
}

/**
 * Put batches behind one another, channels last: plane `c` of record `i` becomes `images[i, y, x, c]`.
 *
 * @throws DataProblem with `WrongLength` or `LabelOutOfRange` (its index counts within the batch).
 */
export const parseCifarBatches = (batches: readonly CifarBatch[]): PixelExamples => {
  for (const { file, bytes } of batches) requireCifarBatchSize(file, bytes.length)
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / cifarRecordBytes, 0)
  const images = allocateBytes(count * 3 * plane)
  const labels = new Uint8Array(count)
  let example = 0
  for (const { file, bytes } of batches) {
    const first = example
    for (let record = 0; record < bytes.length; record += cifarRecordBytes) {
      labels[example] = bytes[record]
      let to = example * 3 * plane
      for (let red = record + 1; red < record + 1 + plane; red++) {
        images[to] = bytes[red]
        images[to + 1] = bytes[red + plane]
        images[to + 2] = bytes[red + 2 * plane]
        to += 3
      }
      example++
    }
    requireLabels(file, labels.subarray(first, example), cifarClasses)
  }
  return { inputs: images, labels, count }
}
