import { expect, test, vi } from 'vitest'
import { orderExactly } from '../src/exact-order.ts'
import { makeRandom } from '../src/random.ts'
import { rankInto } from '../src/rank.ts'
import { firstDifference, ranksByComparator } from './comparator-sort.ts'

// The sort by bits as it is, counted: it would repair what the pair's passes misplace, and only its time would tell.
vi.mock('../src/exact-order.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/exact-order.ts')>()
  return { ...original, orderExactly: vi.fn(original.orderExactly) }
})

// From 32,768 on the upper half of a counter reaches its sign.
test.each([13, 288, 4096, 32_768, 50_000])(
  'evenly spread weights are ordered without the sort by bits, %i in a vector',
  (length) => {
    const random = makeRandom(4, 'pairs', length)
    const w = {
      values: Float32Array.from({ length: length * 6 }, () => random.nextUniform()),
      length,
      count: 6,
    }
    const ranks = new Uint32Array(w.values.length)
    vi.mocked(orderExactly).mockClear()
    rankInto(w, ranks)
    expect(orderExactly).not.toHaveBeenCalled()
    expect(firstDifference(ranks, ranksByComparator(w))).toBeNull()
  },
)

test('weights that crowd slices are left to the sort by bits, and only those', () => {
  const random = makeRandom(5, 'pairs')
  const length = 288
  const w = {
    // Every second vector has a weight that is far away.
    values: Float32Array.from({ length: length * 6 }, (_, p) =>
      p < 6 && p % 2 === 1 ? 1e20 : random.nextUniform(),
    ),
    length,
    count: 6,
  }
  const ranks = new Uint32Array(w.values.length)
  vi.mocked(orderExactly).mockClear()
  rankInto(w, ranks)
  expect(orderExactly).toHaveBeenCalledTimes(3)
  expect(firstDifference(ranks, ranksByComparator(w))).toBeNull()
})
