import { gzipSync } from 'node:zlib'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { IdxDescriptor } from '../src/datasets/dataset-descriptor.ts'
import { fashionMnist } from '../src/datasets/fashion-mnist.ts'
import { mnist } from '../src/datasets/mnist.ts'
import { datasetOfIdxFiles, type IdxFile, readIdxFile } from '../src/formats/idx-files.ts'
import { type IdxPart, idxPartOf } from '../src/formats/idx-parts.ts'

const big = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
/** `count` images whose every pixel is the image's number. */
const images = (count: number): Uint8Array =>
  Uint8Array.from([
    ...big(0x803),
    ...big(count),
    ...big(28),
    ...big(28),
    ...Array.from({ length: count * 784 }, (_, at) => Math.floor(at / 784)),
  ])
const labels = (...values: readonly number[]): Uint8Array =>
  Uint8Array.from([...big(0x801), ...big(values.length), ...values])

const read = async (name: string, bytes: Uint8Array): Promise<IdxFile> => {
  const result = await readIdxFile(name, bytes)()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}
const problemOf = async (name: string, bytes: Uint8Array): Promise<unknown> => {
  const result = await readIdxFile(name, bytes)()
  return E.isLeft(result) ? result.left : 'read'
}

describe('a file of a data set in MNIST format', () => {
  it('is known by its name in the ways in which it is published and unpacked', () => {
    expect(
      [
        'train-images-idx3-ubyte.gz',
        'train-labels.idx1-ubyte',
        't10k-images-idx3-ubyte',
        'some/folder/test_labels.gz',
        'train.bin',
        'images.gz',
      ].map(idxPartOf),
    ).toEqual(['trainImages', 'trainLabels', 'testImages', 'testLabels', undefined, undefined])
  })

  it('is read the same packed and unpacked', async () => {
    const plain = await read('train-images-idx3-ubyte', images(2))
    const packed = await read('train-images-idx3-ubyte.gz', gzipSync(images(2)))
    expect(packed.bytes).toEqual(plain.bytes)
    expect([plain.part, plain.count, plain.bytes[783], plain.bytes[784]]).toEqual(['trainImages', 2, 0, 1])
  })

  it('whose name and content disagree is refused', async () => {
    expect(await problemOf('train-images-idx3-ubyte', labels(1, 2, 3))).toMatchObject({ _tag: 'BadMagic' })
    expect(await problemOf('holiday.jpg', images(1))).toMatchObject({
      _tag: 'BadHeader',
      found: 'holiday.jpg',
    })
  })

  it('that is cut short, inside gzip or out, is refused', async () => {
    expect(await problemOf('train-images.gz', gzipSync(images(2)).subarray(0, 40))).toMatchObject({
      _tag: 'CorruptArchive',
    })
    expect(await problemOf('train-images', images(2).subarray(0, 100))).toMatchObject({ _tag: 'WrongLength' })
  })

  it('that unpacks to more than the format can hold is stopped', async () => {
    expect(await problemOf('t10k-labels.gz', gzipSync(new Uint8Array(200_000)))).toMatchObject({
      _tag: 'TooLarge',
      limitBytes: 10_008,
    })
  })
})

describe('four files', () => {
  const parts = async (testLabels: Uint8Array): Promise<Record<IdxPart, IdxFile>> => ({
    trainImages: await read('train-images', images(3)),
    trainLabels: await read('train-labels', labels(7, 8, 9)),
    testImages: await read('t10k-images', images(2)),
    testLabels: await read('t10k-labels', testLabels),
  })

  it('are a data set', async () => {
    const made = datasetOfIdxFiles('mnist', await parts(labels(0, 1)))
    if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
    const { inputShape, train, test } = made.right
    expect([inputShape, train.count, [...train.labels], test.count]).toEqual([[28, 28, 1], 3, [7, 8, 9], 2])
  })

  it('with unequally many images and labels are refused', async () => {
    expect(datasetOfIdxFiles('mnist', await parts(labels(0)))).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'CountMismatch', images: 2, labels: 1 },
    })
  })

  it('read as different data sets are refused', async () => {
    const files = await parts(labels(0, 1))
    const other = await readIdxFile('t10k-labels', labels(0, 1), fashionMnist)()
    if (E.isLeft(other)) throw new Error(JSON.stringify(other.left))
    expect(datasetOfIdxFiles('mine', { ...files, testLabels: other.right })).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'InvalidDataset', field: 't10k-labels', value: 'read as Fashion-MNIST' },
    })
  })
})

describe('files of another data set in the same format', () => {
  const tiny: IdxDescriptor = {
    ...mnist,
    name: 'tiny',
    inputShape: [2, 3, 1],
    classes: 2,
    examples: { train: 2, test: 1 },
  }
  const tinyImages = (count: number): Uint8Array =>
    Uint8Array.from([...big(0x803), ...big(count), ...big(2), ...big(3), ...Array(6 * count).keys()])
  const as = async (name: string, bytes: Uint8Array): Promise<IdxFile> => {
    const result = await readIdxFile(name, bytes, tiny)()
    if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
    return result.right
  }

  it('have the size, the classes and the number of examples that its descriptor says', async () => {
    const made = datasetOfIdxFiles('tiny', {
      trainImages: await as('train-images', tinyImages(2)),
      trainLabels: await as('train-labels', labels(1, 0)),
      testImages: await as('test-images', tinyImages(1)),
      testLabels: await as('test-labels', labels(1)),
    })
    if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
    expect([made.right.inputShape, made.right.classes]).toEqual([[2, 3, 1], 2])
    expect([...made.right.train.inputs.subarray(6)]).toEqual([6, 7, 8, 9, 10, 11])
  })

  it.each([
    ['train-images', images(1), { _tag: 'BadHeader', found: '28x28' }],
    ['train-labels', labels(0, 2), { _tag: 'LabelOutOfRange', label: 2, classes: 2 }],
    ['test-images', tinyImages(2), { _tag: 'TooLarge', limitBytes: 22 }],
  ])('are refused else: %s', async (name, bytes, problem) => {
    // An image of 28x28 is longer than the whole file may be, so the bound is what stops it; its header is read where it is packed small.
    const packed = name === 'train-images' ? bytes.subarray(0, 28) : bytes
    const result = await readIdxFile(name, packed, tiny)()
    expect(E.isLeft(result) && result.left).toMatchObject(problem)
  })
})
