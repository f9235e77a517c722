import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { makeAugmenter } from '../src/augmentation/augmenter.ts'
import { checkPreparation } from '../src/batches/check-preparation.ts'
import { normalizations } from '../src/batches/normalization.ts'
import { makeNormalizer } from '../src/batches/normalizer.ts'
import { renderDataError } from '../src/data-error.ts'
import { type Dataset, limitDataset } from '../src/dataset.ts'
import { type DatasetParts, makeDataset } from '../src/make-dataset.ts'
import { makeBatchSource } from '../src/node/batch-source.ts'

/** Three vectors of two floats, two classes. */
const vectors: DatasetParts = {
  name: 'small',
  inputShape: [2],
  classes: 2,
  train: { inputs: Float32Array.of(1, 10, 2, 30, 3, 50), labels: [0, 1, 1] },
  test: { inputs: Float32Array.of(2, 30), labels: Uint8Array.of(1) },
}
const made = (parts: Partial<DatasetParts> = {}): Dataset => {
  const dataset = makeDataset({ ...vectors, ...parts })
  if (E.isLeft(dataset)) throw new Error(renderDataError(dataset.left))
  return dataset.right
}
const said = (parts: Partial<DatasetParts>): string => {
  const dataset = makeDataset({ ...vectors, ...parts })
  if (E.isRight(dataset)) throw new Error('it was made')
  return renderDataError(dataset.left)
}
const augmentation = { rotationDegrees: 5, shiftFraction: 0, zoom: 0, horizontalFlip: false }

describe('makeDataset', () => {
  it('views the arrays given', () => {
    const { train, test, inputShape, warnings } = made()
    expect(train.inputs).toBe(vectors.train.inputs)
    expect(test.labels).toBe(vectors.test.labels)
    expect([...train.labels]).toEqual([0, 1, 1])
    expect([train.count, test.count, inputShape, warnings]).toEqual([3, 1, [2], []])
    expect(limitDataset(made(), 2).train.inputs).toEqual(Float32Array.of(1, 10, 2, 30))
  })

  it.each([
    [{ inputShape: [] }, 'small: inputShape is [], but must be [height, width, channels] or [length].'],
    [{ inputShape: [0] }, 'small: inputShape is [0], but must hold positive integers.'],
    [{ inputShape: [1, 2, 0.5] }, 'inputShape is [1, 2, 0.5]'],
    [{ classes: 1 }, 'small: classes is 1, but must be an integer from 2 to 256.'],
    [{ classes: 257 }, 'classes is 257'],
    [
      { inputShape: [4] },
      'small: train.inputs.length is 6, but must be a positive multiple of 4, the values of one input of [4].',
    ],
    [
      { train: { ...vectors.train, labels: [0, 1] } },
      'small: train.labels.length is 2, but must be 3, one label for each of the inputs.',
    ],
    [
      { train: { ...vectors.train, labels: [0, 1, 2] } },
      'small: train.labels[2] is 2, but must be an integer from 0 to 1, since there are 2 classes.',
    ],
    [{ train: { ...vectors.train, labels: [0, -1, 1] } }, 'train.labels[1] is -1'],
    [{ train: { ...vectors.train, labels: [0.5, 1, 1] } }, 'train.labels[0] is 0.5'],
    [
      { test: { inputs: Float32Array.of(1, Number.NaN), labels: [0] } },
      'small: test.inputs[1] (example 0) is NaN, but must be finite in float32.',
    ],
    [{ test: { inputs: new Float32Array(0), labels: [] } }, 'test.inputs.length is 0'],
    [
      { test: { inputs: Uint8Array.of(1, 2), labels: [0] } },
      'small: test.inputs is Uint8Array, but must be a Float32Array, as train.inputs is.',
    ],
    [{ name: '' }, 'must not be empty'],
  ] as const)('refuses %o', (parts, message) => {
    expect(said(parts)).toContain(message)
  })
})

describe('floats and vectors', () => {
  it('are normalized per place: zero mean and unit variance', () => {
    const { train, inputShape } = made()
    const out = new Float32Array(6)
    makeNormalizer('standard', train, inputShape).fill(train, Uint32Array.of(0, 1, 2), 0, 3, out)
    // Places: 1, 2, 3 (mean 2, variance 2/3) and 10, 30, 50 (mean 30, variance 800/3): both become -sqrt(3/2), 0, sqrt(3/2).
    const far = Math.sqrt(3 / 2)
    ;[-far, -far, 0, 0, far, far].forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 6)
    })
  })

  it('of bytes are normalized with the same bits by tables and without', () => {
    const inputs = Uint8Array.from({ length: 40 }, (_, i) => (i * 83) & 255)
    const narrow = { inputs, labels: new Uint8Array(20), count: 20 }
    const wide = { inputs, labels: new Uint8Array(2), count: 2 }
    const [a, b] = [new Float32Array(40), new Float32Array(40)]
    makeNormalizer('standard', narrow, [2]).fill(
      narrow,
      Uint32Array.from({ length: 20 }, (_, i) => i),
      0,
      20,
      a,
    )
    makeNormalizer('standard', wide, [20]).fill(wide, Uint32Array.of(0, 1), 0, 2, b)
    const means = [0, 1].map((c) => inputs.filter((_, i) => i % 2 === c).reduce((sum, p) => sum + p, 0) / 20)
    expect(Math.sign(a[0])).toBe(Math.sign(inputs[0] - means[0]))
    // A place with two values becomes -1 and 1.
    for (let j = 0; j < 20; j++) expect(Math.abs(b[j])).toBeCloseTo(inputs[j] === inputs[j + 20] ? 0 : 1, 5)
  })

  it('that are all equal become zero, not NaN', () => {
    const { train, inputShape } = made({
      train: { inputs: new Float32Array(6).fill(0.1), labels: [0, 1, 1] },
    })
    const out = new Float32Array(2)
    makeNormalizer('standard', train, inputShape).fill(train, Uint32Array.of(0), 0, 1, out)
    expect(Math.abs(out[0])).toBeLessThan(1e-6)
  })

  it('are left as they are by none', () => {
    const { train, inputShape } = made()
    const out = new Float32Array(2)
    makeNormalizer('none', train, inputShape).fill(train, Uint32Array.of(2), 0, 1, out)
    expect([...out]).toEqual([3, 50])
  })

  it('are not divided by 255, and the error says what to take', () => {
    for (const normalization of normalizations) {
      const checked = checkPreparation(made(), { normalization, augmentation: null })
      const isFine = normalization === 'none' || normalization === 'standard'
      expect(E.isRight(checked)).toBe(isFine)
      if (E.isLeft(checked))
        expect(renderDataError(checked.left)).toBe(
          `small: normalization is ${normalization}, but its inputs are floats, not pixels in 0..255, so that dividing by 255 has no meaning; use none (as they are) or standard (zero mean, unit variance).`,
        )
      if (!isFine) expect(() => makeNormalizer(normalization, made().train, [2])).toThrow('no meaning')
    }
  })

  it('that are no images are not augmented', () => {
    const checked = checkPreparation(made(), { normalization: 'none', augmentation })
    expect(E.isLeft(checked) && renderDataError(checked.left)).toContain(
      'only images [height, width, channels]',
    )
    expect(() => makeAugmenter(augmentation, [2], 1)).toThrow('only images can be augmented')
    const images = made({ inputShape: [1, 2, 1] })
    expect(checkPreparation(images, { normalization: 'none', augmentation })).toEqual(E.right(undefined))
  })

  it.each([
    ['vectors', [2], undefined],
    ['images', [1, 2, 1], augmentation],
  ] as const)(
    'as %s are batched by a worker with the bits of this thread',
    async (_what, inputShape, augmented) => {
      const { train } = made({ inputShape })
      const batches = async (worker: boolean): Promise<number[]> => {
        const source = makeBatchSource({
          examples: train,
          inputShape,
          normalization: makeNormalizer('standard', train, inputShape).statistics,
          augmentation: augmented,
          batchSize: 2,
          seed: 1,
          firstEpoch: 0,
          firstBatch: 0,
          endEpoch: 2,
          worker,
        })
        const seen: number[] = []
        for (let batch = await source.next(); batch !== undefined; batch = await source.next())
          seen.push(...batch.inputs, ...batch.labels)
        await source.dispose()
        return seen
      }
      const here = await batches(false)
      expect(here).toHaveLength(2 * 3 * 3)
      expect(await batches(true)).toEqual(here)
    },
  )
})
