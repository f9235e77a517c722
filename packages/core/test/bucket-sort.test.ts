import { expect, test, vi } from 'vitest'
import { firstDifference } from '../../../test/first-difference.ts'
import { rankInto } from '../src/operations/rank.ts'
import { radixSort } from '../src/order/radix-sort.ts'
import { radixSortFour } from '../src/order/radix-sort-four.ts'
import { makeRandom } from '../src/random/random.ts'
import * as reference from '../src/reference/index.ts'

// The radix sorts as they are, counted: they would repair what the bucket sort misplaces, and only their time would tell.
vi.mock('../src/order/radix-sort.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/order/radix-sort.ts')>()
  return { ...original, radixSort: vi.fn(original.radixSort) }
})
vi.mock('../src/order/radix-sort-four.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/order/radix-sort-four.ts')>()
  return { ...original, radixSortFour: vi.fn(original.radixSortFour) }
})

/** Rank, and give the number of radix sorts of four columns and of one. */
const countRadixSorts = (w: { values: Float32Array; length: number; count: number }): [number, number] => {
  const ranks = new Uint32Array(w.values.length)
  vi.mocked(radixSort).mockClear()
  vi.mocked(radixSortFour).mockClear()
  rankInto(w, ranks)
  expect(firstDifference(ranks, reference.rank(w).ranks)).toBeNull()
  return [vi.mocked(radixSortFour).mock.calls.length, vi.mocked(radixSort).mock.calls.length]
}

// From 32,768 on the upper half of a counter reaches its sign.
test.each([5, 13, 288, 4096, 32_768, 50_000])(
  'evenly spread weights are ordered without a radix sort, %i in a vector',
  (length) => {
    const random = makeRandom(4, 'four', length)
    const values = Float32Array.from({ length: length * 6 }, () => random.nextUniform())
    expect(countRadixSorts({ values, length, count: 6 })).toEqual([0, 0])
  },
)

test.each([40, 288, 4096, 16_384, 25_088])(
  'normal weights, and of heavier tails, are ordered without a radix sort, %i in a vector',
  (length) => {
    const random = makeRandom(7, 'four', length)
    // The difference of two exponential numbers has Laplace's distribution.
    const laplace = () => Math.log((1 - random.nextUniform()) / (1 - random.nextUniform()))
    for (const draw of [() => random.nextNormal(), laplace]) {
      if (draw === laplace && length > 16_384) continue
      const values = Float32Array.from({ length: length * 6 }, draw)
      expect(countRadixSorts({ values, length, count: 6 })).toEqual([0, 0])
    }
  },
)

test('one of four vectors that insertion does not finish gets a radix sort alone, several get one together', () => {
  const random = makeRandom(8, 'four')
  const length = 288
  // Every other weight within 2^-9 of 0: half of the weights in two buckets, but few of them in one slice.
  const heap = (i: number) => (i % 2 === 0 ? random.nextUniform() - 0.5 : 2 ** -9 * random.nextUniform())
  const withHeaps = (heaps: number) => ({
    values: Float32Array.from({ length: length * 4 }, (_, p) =>
      p % 4 < heaps ? heap(Math.floor(p / 4)) : random.nextUniform(),
    ),
    length,
    count: 4,
  })
  expect(countRadixSorts(withHeaps(1))).toEqual([0, 1])
  expect(countRadixSorts(withHeaps(2))).toEqual([1, 0])
  expect(countRadixSorts(withHeaps(4))).toEqual([1, 0])
})

test.each([13, 288])('equal weights are ordered without a radix sort, %i in a vector', (length) => {
  // All of them in the second vector and the sixth, most of them in the others.
  const random = makeRandom(6, 'four', length)
  const values = Float32Array.from({ length: length * 6 }, (_, p) =>
    p % 4 === 1 || random.nextUniform() < 0.7 ? 0 : random.nextUniform(),
  )
  expect(countRadixSorts({ values, length, count: 6 })).toEqual([0, 0])
})

test('weights that cluster in few slices get a radix sort: four vectors where one of them does, and single ones', () => {
  const random = makeRandom(5, 'four')
  const length = 288
  // The second vector and the tenth have a weight that is far away.
  const values = Float32Array.from({ length: length * 10 }, (_, p) =>
    p === 1 || p === 9 ? 1e20 : random.nextUniform(),
  )
  expect(countRadixSorts({ values, length, count: 10 })).toEqual([1, 1])
})
