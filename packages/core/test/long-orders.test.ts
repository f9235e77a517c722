/** Vectors at the lengths where counters reach their sign and indices their sixteenth bit. */
import { describe, expect, test } from 'vitest'
import { firstDifference } from '../../../test/first-difference.ts'
import { sortInto } from '../src/operations/sort.ts'
import { syncInto } from '../src/operations/sync.ts'
import { makeRandom } from '../src/random/random.ts'
import * as reference from '../src/reference/index.ts'
import { expectRanksOfKind, expectRanksOfNeighbours, hardKinds } from './hard-weights.ts'

describe.each(hardKinds)('weights %s', (kind) => {
  test.each([16_384, 16_385, 65_535, 65_536, 70_000])(
    'have the ranks that a reference gives, %i in a vector',
    (length) => expectRanksOfKind(kind, length),
  )
})

test.each([32_768, 40_000, 65_535, 65_536])(
  'neighbours of different kinds have the ranks that a reference gives, %i in a vector',
  expectRanksOfNeighbours,
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
