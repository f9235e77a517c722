import { describe, expect, test } from 'vitest'
import { firstDifference } from '../../../test/first-difference.ts'
import { rankInto } from '../src/operations/rank.ts'
import { sortInto } from '../src/operations/sort.ts'
import { syncInto } from '../src/operations/sync.ts'
import { makeRandom } from '../src/random/random.ts'
import * as reference from '../src/reference/index.ts'

/** Weights that no slices of equal width tell apart, each its own reason. */
const kinds = {
  'of magnitudes from 2^-90 to 2^90': (random) =>
    (random.nextUniform() - 0.5) * 2 ** (random.nextInt(181) - 90),
  'beside one that is far away': (random, i) => (i === 3 ? 1e20 : random.nextUniform()),
  'with infinities among them': (random) =>
    random.nextInt(9) === 0 ? (random.nextInt(2) === 0 ? Infinity : -Infinity) : random.nextUniform(),
  // 2^31 apart from -1 to 1, but half of them within 2^-20: neighbours alone do not give that away.
  'half of them in a narrow heap': (random, i) =>
    i % 2 === 0 ? random.nextUniform() * 2 - 1 : random.nextUniform() * 2 ** -20,
  'of all bits that are numbers': (random) => {
    const value = new Float32Array(Uint32Array.of(random.nextUint32()).buffer)[0]
    return Number.isNaN(value) ? 0 : value
  },
} satisfies Record<string, (random: ReturnType<typeof makeRandom>, i: number) => number>

// Both sides of every length at which another way of sorting begins, and beyond 16 bits of index; 6 vectors are four and two.
const lengths = [
  2, 4, 5, 13, 32, 33, 64, 65, 128, 129, 255, 256, 640, 4096, 16_384, 16_385, 65_535, 65_536, 70_000,
]

describe.each(Object.entries(kinds))('weights %s', (kind, draw) => {
  test.each(lengths)('have the ranks that a reference gives, %i in a vector', (length) => {
    const random = makeRandom(1, 'hard-orders', length, Object.keys(kinds).indexOf(kind))
    const count = length > 5000 ? 1 : 6
    const values = Float32Array.from({ length: length * count }, (_, p) =>
      draw(random, Math.floor(p / count)),
    )
    const w = { values, length, count }
    const ranks = new Uint32Array(values.length)
    rankInto(w, ranks)
    expect(firstDifference(ranks, reference.rank(w).ranks)).toBeNull()
  })
})

// Neighbours are ordered four at a time and share counters of two halves: neither may be seen in the other's order.
const neighbours = {
  ...kinds,
  plain: (random) => random.nextNormal(),
  'all equal': () => 0.03,
  'mostly zeros': (random) => (random.nextInt(10) < 7 ? 0 : random.nextUniform() - 0.5),
} satisfies typeof kinds & Record<string, (random: ReturnType<typeof makeRandom>, i: number) => number>

test.each([13, 288, 4096, 32_768, 40_000, 65_535, 65_536])(
  'neighbours of different kinds have the ranks that a reference gives, %i in a vector',
  (length) => {
    const draws = Object.values(neighbours)
    // Each kind twice, beside two others; and an odd one at the end.
    const columns = [...draws, ...draws.toReversed(), neighbours.plain]
    const count = columns.length
    const random = makeRandom(3, 'neighbours', length)
    const values = Float32Array.from({ length: length * count }, (_, p) =>
      columns[p % count](random, Math.floor(p / count)),
    )
    const w = { values, length, count }
    const ranks = new Uint32Array(values.length)
    rankInto(w, ranks)
    expect(firstDifference(ranks, reference.rank(w).ranks)).toBeNull()
  },
)

test('vectors beyond 65,535 weights are sorted and synchronized in place, each by itself', () => {
  const length = 65_536
  const count = 3
  const random = makeRandom(2, 'long vectors')
  const initial = Float32Array.from({ length: length * count }, () => random.nextNormal())
  const w = Float32Array.from({ length: length * count }, (_, p) => (p % 7 === 0 ? -0 : random.nextNormal()))
  const ranks = reference.rank({ values: w, length, count }).ranks
  const sorted = initial.slice()
  sortInto({ values: initial, length, count }, sorted)
  const inPlace = w.slice()
  sortInto({ values: inPlace, length, count }, inPlace)
  const synced = w.slice()
  syncInto({ values: sorted, length, count }, { values: synced, length, count }, synced)
  for (let j = 0; j < count; j++) {
    const column = (values: Float32Array) => Float32Array.from({ length }, (_, i) => values[i * count + j])
    // Every zero is +0 once sorted; `sort` of a typed array puts -0 before +0.
    expect(
      firstDifference(
        column(inPlace),
        column(w)
          .map((v) => v + 0)
          .sort(),
      ),
    ).toBeNull()
    const expected = column(initial).sort()
    const bySorted = Float32Array.from({ length }, (_, i) => expected[ranks[i * count + j]])
    expect(firstDifference(column(synced), bySorted)).toBeNull()
  }
})
