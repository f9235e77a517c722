import { expect, test, vi } from 'vitest'
import { orderExactly } from '../src/exact-order.ts'
import { orderFourExactly } from '../src/four-exact-orders.ts'
import { makeRandom } from '../src/random.ts'
import { rankInto } from '../src/rank.ts'
import { firstDifference, ranksByComparator } from './comparator-sort.ts'

// The sorts by bits as they are, counted: they would repair what the passes by slices misplace, and only their time would tell.
vi.mock('../src/exact-order.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/exact-order.ts')>()
  return { ...original, orderExactly: vi.fn(original.orderExactly) }
})
vi.mock('../src/four-exact-orders.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/four-exact-orders.ts')>()
  return { ...original, orderFourExactly: vi.fn(original.orderFourExactly) }
})

/** Rank, and give how often four columns and how often one was sorted by bits. */
const countExactSorts = (w: { values: Float32Array; length: number; count: number }): [number, number] => {
  const ranks = new Uint32Array(w.values.length)
  vi.mocked(orderExactly).mockClear()
  vi.mocked(orderFourExactly).mockClear()
  rankInto(w, ranks)
  expect(firstDifference(ranks, ranksByComparator(w))).toBeNull()
  return [vi.mocked(orderFourExactly).mock.calls.length, vi.mocked(orderExactly).mock.calls.length]
}

// From 32,768 on the upper half of a counter reaches its sign.
test.each([5, 13, 288, 4096, 32_768, 50_000])(
  'evenly spread weights are ordered without the sort by bits, %i in a vector',
  (length) => {
    const random = makeRandom(4, 'four', length)
    const values = Float32Array.from({ length: length * 6 }, () => random.nextUniform())
    expect(countExactSorts({ values, length, count: 6 })).toEqual([0, 0])
  },
)

test.each([40, 288, 4096, 16_384, 25_088])(
  'normal weights, and of heavier tails, are ordered without the sort by bits, %i in a vector',
  (length) => {
    const random = makeRandom(7, 'four', length)
    // The difference of two exponential numbers has Laplace's distribution.
    const laplace = () => Math.log((1 - random.nextUniform()) / (1 - random.nextUniform()))
    for (const draw of [() => random.nextNormal(), laplace]) {
      if (draw === laplace && length > 16_384) continue
      const values = Float32Array.from({ length: length * 6 }, draw)
      expect(countExactSorts({ values, length, count: 6 })).toEqual([0, 0])
    }
  },
)

test('one of four vectors that does not settle is sorted by bits alone, more are together', () => {
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
  expect(countExactSorts(withHeaps(1))).toEqual([0, 1])
  expect(countExactSorts(withHeaps(2))).toEqual([1, 0])
  expect(countExactSorts(withHeaps(4))).toEqual([1, 0])
})

test.each([13, 288])('equal weights are ordered without the sort by bits, %i in a vector', (length) => {
  // All of them in the second vector and the sixth, most of them in the others.
  const random = makeRandom(6, 'four', length)
  const values = Float32Array.from({ length: length * 6 }, (_, p) =>
    p % 4 === 1 || random.nextUniform() < 0.7 ? 0 : random.nextUniform(),
  )
  expect(countExactSorts({ values, length, count: 6 })).toEqual([0, 0])
})

test('weights that crowd slices are left to the sort by bits: four vectors where one of them does, and single ones', () => {
  const random = makeRandom(5, 'four')
  const length = 288
  // The second vector and the tenth have a weight that is far away.
  const values = Float32Array.from({ length: length * 10 }, (_, p) =>
    p === 1 || p === 9 ? 1e20 : random.nextUniform(),
  )
  expect(countExactSorts({ values, length, count: 10 })).toEqual([1, 1])
})
