/**
 * CIFAR's binary batches: records of a label and a plane of red, of green and of blue. Parsing only, no files.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html "Binary version"
 */
import { DataProblem } from '../data-problem.ts'
import { allocateBytes, inputSizeOf, type PixelExamples } from '../dataset.ts'
import type { CifarDescriptor } from '../datasets/dataset-descriptor.ts'
import { requireLabels } from './idx.ts'

/** What a batch must be like. */
export type CifarLayout = Pick<CifarDescriptor, 'inputShape' | 'classes' | 'batchExamples'>

/** Bytes of one example. CIFAR-10's: the label, then 1024 red, 1024 green and 1024 blue values. */
export const cifarRecordBytes = ({ inputShape }: CifarLayout): number => 1 + inputSizeOf(inputShape)

/** Throw `WrongLength` unless a batch of this size holds whole records, at least one and not more than a batch may. */
export const requireCifarBatchSize = (file: string, sizeBytes: number, layout: CifarLayout): void => {
  const recordBytes = cifarRecordBytes(layout)
  const count = sizeBytes / recordBytes
  if (Number.isInteger(count) && count >= 1 && count <= layout.batchExamples) return
  const nearest = Math.min(Math.max(Math.ceil(count), 1), layout.batchExamples)
  throw new DataProblem({
    _tag: 'WrongLength',
    file,
    expectedBytes: nearest * recordBytes,
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
export const parseCifarBatches = (batches: readonly CifarBatch[], layout: CifarLayout): PixelExamples => {
  for (const { file, bytes } of batches) requireCifarBatchSize(file, bytes.length, layout)
  const recordBytes = cifarRecordBytes(layout)
  const [height, width] = layout.inputShape
  const plane = height * width
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0)
  const images = allocateBytes(count * 3 * plane)
  const labels = new Uint8Array(count)
  let example = 0
  let to = 0
  for (const { file, bytes } of batches) {
    const first = example
    for (let record = 0; record < bytes.length; record += recordBytes) {
      labels[example++] = bytes[record]
      const end = record + 1 + plane
      for (let red = record + 1; red < end; red++) {
        images[to] = bytes[red]
        images[to + 1] = bytes[red + plane]
        images[to + 2] = bytes[red + 2 * plane]
        to += 3
      }
    }
    requireLabels(file, labels.subarray(first, example), layout.classes)
  }
  return { inputs: images, labels, count }
}
