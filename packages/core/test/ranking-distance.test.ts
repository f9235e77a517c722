import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { makeRankingMonitor, rankingDistance } from '../src/statistics/ranking-distance.ts'
import type { WeightVectors } from '../src/weight-vectors.ts'
import { columnOf, valuesOf } from './networks.ts'
import { deviationOf, meanOf } from './statistics.ts'

const vectors = (length: number, count: number, ...values: number[]): WeightVectors => ({
  values: Float32Array.from(values),
  length,
  count,
})

/** Ranks by counting, straight from the definition: weights that are smaller, or equal and before. */
const ranksOf = (vector: Float32Array): number[] =>
  Array.from(vector, (w, i) => vector.filter((other, k) => other < w || (other === w && k < i)).length)

describe('rankingDistance', () => {
  test('by hand: two vectors of three weights', () => {
    // Column 0: ranks 0 1 2 become 2 1 0: distances 2 0 2. Column 1: 0 1 2 become 0 2 1: distances 0 1 1.
    // Mean 6/6 = 1; squares about it 1 1 1 1 0 0, deviation sqrt(4/6).
    const before = vectors(3, 2, 1, 1, 2, 2, 3, 3)
    const after = vectors(3, 2, 9, -5, 2, 7, 0, 6)
    expect(rankingDistance(before, after)).toEqual(
      E.right({ mean: 1, standardDeviation: Math.sqrt(4 / 6), length: 3 }),
    )
  })

  test('changes of value that keep the order are no distance', () => {
    expect(rankingDistance(vectors(3, 1, 1, 2, 3), vectors(3, 1, -9, 0, 100))).toEqual(
      E.right({ mean: 0, standardDeviation: 0, length: 3 }),
    )
  })

  test('equals mean and population deviation over all entries, from the definition', () => {
    fc.assert(
      fc.property(
        fc
          .record({ length: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 5 }) })
          .chain((size) =>
            fc.tuple(
              fc.constant(size),
              valuesOf(size.length * size.count),
              valuesOf(size.length * size.count),
            ),
          ),
        ([size, before, after]) => {
          const distances = Array.from({ length: size.count }, (_, j) => {
            const a = ranksOf(columnOf(before, size.count, j))
            const b = ranksOf(columnOf(after, size.count, j))
            return a.map((rank, i) => Math.abs(rank - b[i]))
          }).flat()
          const found = rankingDistance({ values: before, ...size }, { values: after, ...size })
          expect(E.isRight(found) && found.right.mean).toBeCloseTo(meanOf(distances), 12)
          expect(E.isRight(found) && found.right.standardDeviation).toBeCloseTo(deviationOf(distances), 12)
        },
      ),
    )
  })

  test('NaN and sizes that differ are reported', () => {
    expect(rankingDistance(vectors(2, 1, 1, 2), vectors(2, 1, 1, Number.NaN), 'dense1/kernel')).toEqual(
      E.left({ _tag: 'Diverged', variable: 'dense1/kernel', vector: 0, index: 1 }),
    )
    expect(rankingDistance(vectors(2, 1, 1, 2), vectors(1, 2, 1, 2))).toMatchObject(
      E.left({ _tag: 'SizeMismatch' }),
    )
    expect(rankingDistance(vectors(0, 2), vectors(0, 2))).toEqual(
      E.right({ mean: 0, standardDeviation: 0, length: 0 }),
    )
  })
})

describe('makeRankingMonitor', () => {
  const states = [
    vectors(3, 1, 1, 2, 3),
    vectors(3, 1, 3, 2, 1),
    vectors(3, 1, 3, 2, 1),
    vectors(3, 1, 0, 2, 1),
  ]

  test('gives the distance from one observation to the next', () => {
    const monitor = makeRankingMonitor({ length: 3, count: 1 })
    const observed = states.map(monitor.observe)
    expect(observed[0]).toEqual(E.right(null))
    for (let t = 1; t < states.length; t++)
      expect(observed[t]).toEqual(rankingDistance(states[t - 1], states[t]))
    expect(observed.slice(1).map((o) => E.isRight(o) && o.right?.mean)).toEqual([4 / 3, 0, 4 / 3])
  })

  test('a refused observation is as if it had not been', () => {
    const monitor = makeRankingMonitor({ length: 3, count: 1 }, 'dense1/kernel')
    monitor.observe(states[0])
    expect(monitor.observe(vectors(3, 1, 1, Number.NaN, 2))).toEqual(
      E.left({ _tag: 'Diverged', variable: 'dense1/kernel', vector: 0, index: 1 }),
    )
    expect(monitor.observe(vectors(2, 1, 1, 2))).toMatchObject(E.left({ _tag: 'SizeMismatch' }))
    expect(monitor.observe(states[1])).toEqual(rankingDistance(states[0], states[1]))
  })
})
