import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { weightVectorPairs, weightVectors } from '../../../test/weight-vectors-arbitrary.ts'
import { permute } from '../src/operations/permute.ts'
import { rank, rankInto } from '../src/operations/rank.ts'
import { sort, sortInto } from '../src/operations/sort.ts'
import { sync, syncInto } from '../src/operations/sync.ts'
import * as reference from '../src/reference/index.ts'
import type { WeightVectors } from '../src/weight-vectors.ts'

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`expected a result, got ${JSON.stringify(either.left)}`)
  return either.right
}
const same = (actual: Uint32Array, expected: Uint32Array) =>
  expect(firstDifference(actual, expected)).toBeNull()
const sameBits = (actual: Float32Array, expected: Float32Array) => same(bitsOf(actual), bitsOf(expected))

const withValues = (w: WeightVectors, values: Float32Array): WeightVectors => ({ ...w, values })
const { numRuns = 200 } = fc.readConfigureGlobal()
const runs = { numRuns }

describe('equal to the reference', () => {
  test('sort', () => {
    fc.assert(
      fc.property(weightVectors, (w) => {
        sameBits(right(sort(w)).values, reference.sort(w).values)
      }),
      runs,
    )
  })

  test('rank', () => {
    fc.assert(
      fc.property(weightVectors, (w) => {
        same(right(rank(w)).ranks, reference.rank(w).ranks)
      }),
      runs,
    )
  })

  test('sync, which is permute after rank', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        const sorted = right(sort(theta0))
        const synced = right(sync(sorted, w)).values
        sameBits(synced, reference.sync(sorted, w).values)
        sameBits(synced, right(permute(sorted, right(rank(w)))).values)
      }),
      runs,
    )
  })

  test('into forms give the bits of the checked forms, into dirty buffers, in place too', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        const sorted = right(sort(theta0))
        const out = new Float32Array(w.values.length).fill(Number.NaN)
        syncInto(sorted, w, out)
        sameBits(out, right(sync(sorted, w)).values)
        const ranks = new Uint32Array(w.values.length).fill(0xffffffff)
        rankInto(w, ranks)
        same(ranks, right(rank(w)).ranks)
        sortInto(w, out)
        sameBits(out, right(sort(w)).values)
        const inPlace = w.values.slice()
        syncInto(sorted, withValues(w, inPlace), inPlace)
        sameBits(inPlace, right(sync(sorted, w)).values)
      }),
      runs,
    )
  })
})

describe('laws of sync', () => {
  test('the result holds exactly the values of theta_sorted, per vector, bit for bit', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        const sorted = right(sort(theta0))
        sameBits(right(sort(right(sync(sorted, w)))).values, sorted.values)
      }),
      runs,
    )
  })

  test('the ranking of the result is the ranking of w, where theta_0 has no ties', () => {
    fc.assert(
      fc.property(weightVectors, (w) => {
        // Distinct values per vector: 0, 1, 2, ...
        const sorted = withValues(
          w,
          w.values.map((_, p) => Math.floor(p / w.count)),
        )
        same(right(rank(right(sync(sorted, w)))).ranks, right(rank(w)).ranks)
      }),
      runs,
    )
  })

  test('synchronizing twice is synchronizing once', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        const sorted = right(sort(theta0))
        const once = right(sync(sorted, w))
        sameBits(right(sync(sorted, once)).values, once.values)
      }),
      runs,
    )
  })

  test('nothing changes when w already is a permutation of theta_0', () => {
    fc.assert(
      fc.property(weightVectors, (theta0) => {
        // Up to the sign of zeros, which theta_sorted does not keep.
        sameBits(
          right(sync(right(sort(theta0)), theta0)).values,
          theta0.values.map((v) => v + 0),
        )
      }),
      runs,
    )
  })

  test('permuting the vectors commutes with synchronizing', () => {
    fc.assert(
      fc.property(weightVectorPairs, fc.nat(), ([theta0, w], shift) => {
        const rotate = (m: WeightVectors): WeightVectors =>
          withValues(
            m,
            m.values.map((_, p) => {
              const j = p % m.count
              return m.values[p - j + ((j + shift) % m.count)]
            }),
          )
        const sorted = right(sort(theta0))
        sameBits(right(sync(rotate(sorted), rotate(w))).values, rotate(right(sync(sorted, w))).values)
      }),
      runs,
    )
  })

  test('multiplying w by a power of two changes nothing while it is exact', () => {
    fc.assert(
      fc.property(weightVectorPairs, fc.integer({ min: -40, max: 40 }), ([theta0, w], exponent) => {
        const scaled = w.values.map((v) => v * 2 ** exponent)
        fc.pre(w.values.every((v, p) => scaled[p] / 2 ** exponent === v))
        const sorted = right(sort(theta0))
        sameBits(right(sync(sorted, withValues(w, scaled))).values, right(sync(sorted, w)).values)
      }),
      runs,
    )
  })

  test('inputs are never written', () => {
    fc.assert(
      fc.property(weightVectorPairs, ([theta0, w]) => {
        const sorted = right(sort(theta0))
        const before = [bitsOf(theta0.values), bitsOf(sorted.values), bitsOf(w.values)]
        sync(sorted, w)
        rank(w)
        sort(w)
        const ranking = right(rank(w))
        const ranks = ranking.ranks.slice()
        permute(sorted, ranking)
        ;[theta0, sorted, w].forEach((m, k) => {
          same(bitsOf(m.values), before[k])
        })
        same(ranking.ranks, ranks)
      }),
      runs,
    )
  })

  test('one NaN anywhere stops everything, and is found', () => {
    fc.assert(
      fc.property(weightVectors, fc.nat(), (w, at) => {
        fc.pre(w.values.length > 0)
        const p = at % w.values.length
        const values = w.values.slice()
        values[p] = Number.NaN
        const place = {
          _tag: 'Diverged',
          variable: 'v',
          vector: p % w.count,
          index: Math.floor(p / w.count),
        }
        const spoiled = withValues(w, values)
        expect(sort(spoiled, 'v')).toEqual(E.left(place))
        expect(rank(spoiled, 'v')).toEqual(E.left(place))
        expect(sync(w, spoiled, 'v')).toEqual(E.left(place))
      }),
      runs,
    )
  })
})
