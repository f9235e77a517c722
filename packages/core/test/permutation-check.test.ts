import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import type { Parameter } from '../src/parameter.ts'
import {
  checkPermutation,
  checkPermutations,
  type PermutationReport,
  renderPermutationDifference,
} from '../src/permutation/permutation-check.ts'
import { makeRandom, shuffleInPlace } from '../src/random/random.ts'
import type { WeightVectors } from '../src/weight-vectors.ts'
import { valuesOf } from './networks.ts'

const vectors = (length: number, count: number, ...values: number[]): WeightVectors => ({
  values: Float32Array.from(values),
  length,
  count,
})

const parameter = (
  name: string,
  role: Parameter['role'],
  shape: readonly number[],
  ...values: number[]
): Parameter => ({
  name,
  role,
  shape,
  values: Float32Array.from(values),
})

describe('checkPermutation', () => {
  test('counts the vectors that it has proven', () => {
    expect(checkPermutation(vectors(2, 3, 1, 2, 3, 4, 5, 6), vectors(2, 3, 4, 2, 6, 1, 5, 3))).toEqual(
      E.right(3),
    )
    expect(checkPermutation(vectors(0, 3), vectors(0, 3))).toEqual(E.right(3))
    expect(checkPermutation(vectors(3, 0), vectors(3, 0))).toEqual(E.right(0))
  })

  test('values must stay in their own vector', () => {
    // The same values in the matrix, but 1 and 2 have changed columns.
    expect(checkPermutation(vectors(2, 2, 1, 2, 3, 4), vectors(2, 2, 2, 1, 3, 4))).toEqual(
      E.left({
        _tag: 'PermutationDifference',
        parameter: '',
        vector: 0,
        position: 0,
        expected: 1,
        actual: 2,
      }),
    )
  })

  test('one unit in the last place is a difference', () => {
    const nearlyOne = 1 - 2 ** -24
    expect(checkPermutation(vectors(2, 1, 1, 0), vectors(2, 1, 0, nearlyOne), 'dense1/kernel')).toEqual(
      E.left({
        _tag: 'PermutationDifference',
        parameter: 'dense1/kernel',
        vector: 0,
        position: 1,
        expected: 1,
        actual: nearlyOne,
      }),
    )
  })

  test('multiplicities count', () => {
    expect(checkPermutation(vectors(3, 1, 1, 1, 2), vectors(3, 1, 1, 2, 2))).toMatchObject(
      E.left({ position: 1, expected: 1, actual: 2 }),
    )
  })

  test('both zeros are the same value', () => {
    expect(checkPermutation(vectors(3, 1, -0, 0, 1), vectors(3, 1, 1, 0, 0))).toEqual(E.right(1))
  })

  test('a NaN equals nothing, and the vectors beside it are still compared', () => {
    const nan = Number.NaN
    const initial = vectors(2, 3, 1, nan, 5, 2, 4, 6)
    expect(checkPermutation(initial, initial)).toMatchObject(
      E.left({ vector: 1, position: 0, expected: nan, actual: nan }),
    )
    expect(checkPermutation(vectors(2, 2, 1, 3, 2, 4), vectors(2, 2, 2, 3, 1, nan))).toMatchObject(
      E.left({ vector: 1, position: 1, expected: 4, actual: nan }),
    )
  })

  test('any shuffle of a vector passes, and changing any one weight of it fails', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain(valuesOf),
        fc.integer(),
        fc.nat(),
        (values, seed, place) => {
          const w = { values, length: values.length, count: 1 }
          const shuffled = values.slice()
          shuffleInPlace(shuffled, makeRandom(seed, 'test/shuffle'))
          expect(checkPermutation(w, { ...w, values: shuffled })).toEqual(E.right(1))
          shuffled[place % values.length] += 1000
          // Of 3.4e38 a thousand more is no change.
          const changed = shuffled[place % values.length] < 1e30
          expect(E.isLeft(checkPermutation(w, { ...w, values: shuffled }))).toBe(changed)
        },
      ),
    )
  })

  test('sizes that differ are refused', () => {
    expect(() => checkPermutation(vectors(2, 1, 1, 2), vectors(1, 2, 1, 2))).toThrow(
      'trained: must be [2, 1] as the initial weights are, got [1, 2]',
    )
  })
})

describe('checkPermutations', () => {
  const initial = [
    parameter('dense1/kernel', 'kernel', [2, 2], 1, 2, 3, 4),
    parameter('dense1/bias', 'bias', [2], 5, 6),
    parameter('dense2/kernel', 'kernel', [2, 1], 7, 8),
  ]
  const trained = [
    parameter('dense1/kernel', 'kernel', [2, 2], 3, 2, 1, 4),
    parameter('dense1/bias', 'bias', [2], 5.5, 6),
    parameter('dense2/kernel', 'kernel', [2, 1], 8, 7),
  ]

  test('counts vectors of the roles that were permuted', () => {
    expect(checkPermutations(initial, trained, ['kernel'])).toEqual<PermutationReport>({
      weightVectors: 3,
      permutedVectors: 3,
      isPermutation: true,
    })
  })

  test('names the first difference', () => {
    const report = checkPermutations(initial, trained, ['kernel', 'bias'])
    expect(report).toEqual({
      weightVectors: 4,
      permutedVectors: 3,
      isPermutation: false,
      firstDifference: {
        _tag: 'PermutationDifference',
        parameter: 'dense1/bias',
        vector: 0,
        position: 0,
        expected: 5,
        actual: 5.5,
      },
    })
    expect(report.firstDifference && renderPermutationDifference(report.firstDifference)).toBe(
      'Vector 0 of dense1/bias is no permutation of the initial one: in ascending order, weight 0 was 5 and is 5.5.',
    )
  })

  test('refuses other parameters than the initial ones', () => {
    expect(() => checkPermutations(initial, trained.slice(1), ['kernel'])).toThrow(/needs the 3 initial/)
    expect(() => checkPermutations(initial, [...trained].reverse(), ['kernel'])).toThrow(
      'trained: parameter 0 must be dense1/kernel [2, 2], got dense2/kernel [2, 1]',
    )
  })
})
