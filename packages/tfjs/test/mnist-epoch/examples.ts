/** MNIST where this machine has it, digits drawn by `@laperm/data` where it has not. */
import { dirname } from 'node:path'
import { makeDigits } from '@laperm/data'
import { loadDataset } from '@laperm/data/node'
import { either as E } from 'fp-ts'
import { findSharedFile } from '../../../../test/shared-folder.ts'

/** Examples of an epoch: a multiple of 20 batches. */
export interface EpochExamples {
  readonly name: string
  readonly images: Uint8Array
  readonly labels: Uint8Array
}

/** The first examples of them, for devices on which a step takes long. */
export const firstOf = ({ name, images, labels }: EpochExamples, count: number): EpochExamples => ({
  name: `the first ${count} of ${name}`,
  images: images.subarray(0, count * 28 * 28),
  labels: labels.subarray(0, count),
})

/** Every training example. */
export const trainingExamples = async (): Promise<EpochExamples> => {
  const file = findSharedFile('data/mnist/train-images-idx3-ubyte.gz')
  if (file === undefined) {
    console.warn('MISSING: MNIST; the epoch is one of 20,000 drawn digits')
    const { inputs, labels } = makeDigits(1, { train: 20_000, test: 1 }).train
    return { name: 'digits', images: inputs, labels }
  }
  const loaded = await loadDataset('mnist', {
    cacheDir: '/nowhere',
    dataDir: dirname(dirname(file)),
    offline: true,
  })()
  if (E.isLeft(loaded)) throw new Error(JSON.stringify(loaded.left))
  const { inputs, labels } = loaded.right.train
  return { name: 'MNIST', images: inputs, labels }
}
