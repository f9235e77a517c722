import { afterEach, describe, expect, it } from 'vitest'
import type { AugmentationSpec } from '../src/augmentation/affine-transform.ts'
import type { BatchJob, TrainingBatch } from '../src/batches/batch-job.ts'
import type { BatchSource } from '../src/batches/batch-source.ts'
import { epochOrder } from '../src/batches/epoch-order.ts'
import { makeNormalizer } from '../src/batches/normalizer.ts'
import { makeDigits } from '../src/digits/digits.ts'
import { makeBatchSource } from '../src/node/batch-source.ts'

const { train, inputShape } = makeDigits(3, { train: 50, test: 1 })
const augmentation: AugmentationSpec = {
  rotationDegrees: 10,
  shiftFraction: 0.1,
  zoom: 0.1,
  horizontalFlip: false,
}
const job: BatchJob = {
  examples: train,
  inputShape,
  normalization: makeNormalizer('unit-minus-mean', train, inputShape).statistics,
  augmentation,
  batchSize: 16,
  seed: 5,
  firstEpoch: 0,
  firstBatch: 0,
  endEpoch: 3,
}

const open: BatchSource[] = []
const start = (...options: Parameters<typeof makeBatchSource>): BatchSource => {
  const source = makeBatchSource(...options)
  open.push(source)
  return source
}
afterEach(() => Promise.all(open.splice(0).map((source) => source.dispose())))

/** Copies, since a source may use its buffers again. */
const take = async (source: BatchSource, most = Number.POSITIVE_INFINITY): Promise<TrainingBatch[]> => {
  const batches: TrainingBatch[] = []
  while (batches.length < most) {
    const batch = await source.next()
    if (batch === undefined) break
    batches.push({ ...batch, inputs: batch.inputs.slice(), labels: batch.labels.slice() })
  }
  return batches
}

describe('makeBatchSource', () => {
  it('delivers each epoch in its drawn order, the last batch smaller, then ends', async () => {
    const batches = await take(start({ ...job, worker: false }))
    expect(batches.map(({ epoch, batch, size }) => [epoch, batch, size])).toEqual(
      [0, 1, 2].flatMap((epoch) => [
        [epoch, 0, 16],
        [epoch, 1, 16],
        [epoch, 2, 16],
        [epoch, 3, 2],
      ]),
    )
    const labels = batches.slice(4, 8).flatMap((batch) => [...batch.labels])
    expect(labels).toEqual([...epochOrder(50, 5, 1)].map((index) => train.labels[index]))
    expect(batches[3].inputs).toHaveLength(2 * 784)
  })

  it.each([
    ['augmented', augmentation],
    ['plain', undefined],
  ])('gives identical bits with and without a worker: %s', async (_, spec) => {
    const inline = await take(start({ ...job, augmentation: spec, worker: false }))
    const threaded = await take(start({ ...job, augmentation: spec, worker: true, ahead: 3 }))
    expect(threaded).toHaveLength(12)
    expect(threaded).toEqual(inline)
  })

  it('begins in the middle of an epoch with the same bits', async () => {
    const whole = await take(start({ ...job, worker: false }))
    for (const worker of [false, true])
      expect(await take(start({ ...job, firstEpoch: 1, firstBatch: 2, worker }))).toEqual(whole.slice(6))
  })

  it('augments: the same example differs from epoch to epoch, and equals itself without augmentation', async () => {
    const [first, second] = await take(start({ ...job, batchSize: 50, worker: false }), 2)
    const [plain] = await take(start({ ...job, batchSize: 50, augmentation: undefined }), 1)
    const place = epochOrder(50, 5, 1).indexOf(epochOrder(50, 5, 0)[0])
    expect(first.inputs.subarray(0, 784)).not.toEqual(second.inputs.subarray(place * 784, place * 784 + 784))
    expect(first.inputs.subarray(0, 784)).not.toEqual(plain.inputs.subarray(0, 784))
  })

  it('keeps a batch untouched until the call after the next', async () => {
    for (const worker of [false, true]) {
      const source = start({ ...job, worker })
      const first = await source.next()
      const copy = first?.inputs.slice()
      await source.next()
      expect(first?.inputs).toEqual(copy)
    }
  })

  it('reads examples that are not in shared memory, and views of shared memory', async () => {
    const copied = { ...train, inputs: Uint8Array.from(train.inputs) }
    const inline = await take(start({ ...job, worker: false }))
    expect(await take(start({ ...job, examples: copied, worker: true }))).toEqual(inline)
    const tail = {
      inputs: train.inputs.subarray(10 * 784),
      labels: train.labels.subarray(10),
      count: 40,
    }
    const ofTail = await take(start({ ...job, examples: tail, worker: false }))
    expect(await take(start({ ...job, examples: tail, worker: true }))).toEqual(ofTail)
  })

  it('stops when disposed, also while a batch is awaited, and twice', async () => {
    const source = start({ ...job, endEpoch: 1_000_000, worker: true, ahead: 1 })
    const waiting = source.next()
    await source.dispose()
    await source.dispose()
    expect(await waiting).toBeUndefined()
    expect(await source.next()).toBeUndefined()
  })

  it('goes on giving undefined after the end', async () => {
    const source = start({ ...job, endEpoch: 1, worker: true })
    expect(await take(source)).toHaveLength(4)
    expect(await source.next()).toBeUndefined()
  })

  it('throws for a job outside its rules on the thread of the caller', () => {
    for (const wrong of [
      { batchSize: 0 },
      { batchSize: 51 },
      { batchSize: 1.5 },
      { firstBatch: 4 },
      { firstBatch: -1 },
      { firstEpoch: 0.5 },
      { ahead: 0 },
      { augmentation: { ...augmentation, zoom: 2 } },
    ])
      for (const worker of [false, true])
        expect(() => makeBatchSource({ ...job, ...wrong, worker })).toThrow(RangeError)
  })

  it('rejects when the worker dies', async () => {
    const source = start({
      ...job,
      worker: true,
      normalization: { ...job.normalization, inputShape: [28, 28, 2] },
    })
    await expect(source.next()).rejects.toThrow()
    await expect(source.next()).rejects.toThrow()
  })
})
