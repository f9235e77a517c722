import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  applyPermutation,
  composePermutations,
  identityPermutation,
  invertPermutation,
  type Permutation,
  permutationBetween,
  permutationDisplacement,
} from '../src/permutation/permutation.ts'
import { makeRandom, shuffleInPlace } from '../src/random/random.ts'
import type { WeightVectors, WeightVectorsSize } from '../src/weight-vectors.ts'
import { columnOf, valuesOf } from './networks.ts'
import { bitsOf } from './statistics.ts'

const size = fc.record({ length: fc.integer({ min: 0, max: 17 }), count: fc.integer({ min: 0, max: 4 }) })

const permutationOf = ({ length, count }: WeightVectorsSize, seed: number): Permutation => {
  const random = makeRandom(seed, 'test/permutation')
  const sources = new Uint32Array(length * count)
  for (let j = 0; j < count; j++) {
    const order = Uint32Array.from({ length }, (_, i) => i)
    shuffleInPlace(order, random)
    for (let i = 0; i < length; i++) sources[i * count + j] = order[i]
  }
  return { sources, length, count }
}

const sized = size.chain((s) =>
  fc.record({
    w: valuesOf(s.length * s.count).map((values): WeightVectors => ({ values, ...s })),
    p: fc.integer().map((seed) => permutationOf(s, seed)),
    q: fc.integer().map((seed) => permutationOf(s, seed)),
    r: fc.integer().map((seed) => permutationOf(s, seed)),
  }),
)

const between = (initial: WeightVectors, trained: WeightVectors): Permutation => {
  const result = permutationBetween(initial, trained)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

describe('permutations form a group, one for each weight vector', () => {
  test('composition is associative', () => {
    fc.assert(
      fc.property(sized, ({ p, q, r }) => {
        expect(composePermutations(composePermutations(p, q), r)).toEqual(
          composePermutations(p, composePermutations(q, r)),
        )
      }),
    )
  })

  test('the identity changes nothing, on either side', () => {
    fc.assert(
      fc.property(sized, ({ w, p }) => {
        const identity = identityPermutation(p)
        expect(composePermutations(identity, p)).toEqual(p)
        expect(composePermutations(p, identity)).toEqual(p)
        expect(bitsOf(applyPermutation(identity, w).values)).toEqual(bitsOf(w.values))
      }),
    )
  })

  test('the inverse undoes, on either side', () => {
    fc.assert(
      fc.property(sized, ({ p }) => {
        expect(composePermutations(p, invertPermutation(p))).toEqual(identityPermutation(p))
        expect(composePermutations(invertPermutation(p), p)).toEqual(identityPermutation(p))
      }),
    )
  })

  test('applying a composition is applying one after the other', () => {
    fc.assert(
      fc.property(sized, ({ w, p, q }) => {
        expect(bitsOf(applyPermutation(composePermutations(p, q), w).values)).toEqual(
          bitsOf(applyPermutation(q, applyPermutation(p, w)).values),
        )
      }),
    )
  })

  test('a permutation and its inverse move weights equally far', () => {
    fc.assert(
      fc.property(sized, ({ p }) => {
        const there = permutationDisplacement(p)
        const back = permutationDisplacement(invertPermutation(p))
        expect(back.mean).toBe(there.mean)
        expect(back.moved).toBe(there.moved)
      }),
    )
  })
})

/** Fewest weights moved by any of the n! permutations that lead from a to b; -1 when none does. */
const fewestMoves = (a: Float32Array, b: Float32Array): number => {
  let fewest = -1
  const search = (place: number, used: number, moved: number): void => {
    if (place === a.length) {
      if (fewest === -1 || moved < fewest) fewest = moved
      return
    }
    for (let source = 0; source < a.length; source++) {
      if ((used & (1 << source)) === 0 && a[source] === b[place])
        search(place + 1, used | (1 << source), moved + (source === place ? 0 : 1))
    }
  }
  search(0, 0, 0)
  return fewest
}

describe('permutationBetween', () => {
  test('leads from theta_0 to theta_T, bit for bit but for the sign of zeros', () => {
    fc.assert(
      fc.property(sized, ({ w, p }) => {
        const trained = applyPermutation(p, w)
        const result = applyPermutation(between(w, trained), w)
        const unsigned = (values: Float32Array): Uint32Array => bitsOf(values.map((value) => value + 0))
        expect(unsigned(result.values)).toEqual(unsigned(trained.values))
        if (!w.values.some((value) => Object.is(value, -0)))
          expect(bitsOf(result.values)).toEqual(bitsOf(trained.values))
      }),
    )
  })

  test('is a permutation: every weight goes to one place', () => {
    fc.assert(
      fc.property(sized, ({ w, p }) => {
        const { sources, length, count } = between(w, applyPermutation(p, w))
        for (let j = 0; j < count; j++) {
          const column = Array.from({ length }, (_, i) => sources[i * count + j])
          expect(column.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
        }
      }),
    )
  })

  test('moves as few weights as any permutation can, by brute force on short vectors', () => {
    const short = fc
      .record({ length: fc.integer({ min: 1, max: 6 }), count: fc.integer({ min: 1, max: 2 }) })
      .chain((s) =>
        fc.record({
          w: fc
            .array(fc.constantFrom(0, -0, 1, 2), {
              minLength: s.length * s.count,
              maxLength: s.length * s.count,
            })
            .map((values): WeightVectors => ({ values: Float32Array.from(values), ...s })),
          p: fc.integer().map((seed) => permutationOf(s, seed)),
        }),
      )
    fc.assert(
      fc.property(short, ({ w, p }) => {
        const trained = applyPermutation(p, w)
        const expected = Array.from({ length: w.count }, (_, j) =>
          fewestMoves(columnOf(w.values, w.count, j), columnOf(trained.values, w.count, j)),
        ).reduce((sum, moves) => sum + moves, 0)
        expect(permutationDisplacement(between(w, trained)).moved).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('finds the permutation itself where all values differ', () => {
    fc.assert(
      fc.property(size, fc.integer(), (s, seed) => {
        const p = permutationOf(s, seed)
        const values = Float32Array.from({ length: s.length * s.count }, (_, at) => at * 0.5 - 3)
        const w: WeightVectors = { values, ...s }
        expect(between(w, applyPermutation(p, w))).toEqual(p)
      }),
    )
  })
})
