import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  applyPermutation,
  identityPermutation,
  permutationBetween,
  permutationDisplacement,
} from '../src/permutation/permutation.ts'
import type { WeightVectors } from '../src/weight-vectors.ts'

const vectors = (length: number, count: number, ...values: number[]): WeightVectors => ({
  values: Float32Array.from(values),
  length,
  count,
})

const between = (initial: WeightVectors, trained: WeightVectors) => {
  const result = permutationBetween(initial, trained)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

describe('permutationBetween', () => {
  test('by hand: two vectors, one of them with ties', () => {
    // Column 0: [1, 2, 3] -> [3, 1, 2]. Column 1: [0, 0, 5] -> [0, 5, 0]: the first zero stays, the second changes places with 5.
    const initial = vectors(3, 2, 1, 0, 2, 0, 3, 5)
    const trained = vectors(3, 2, 3, 0, 1, 5, 2, 0)
    expect([...between(initial, trained).sources]).toEqual([2, 0, 0, 2, 1, 1])
  })

  test('weights of equal value that must move keep their order', () => {
    // The zeros at 0 and 1 go to 2 and 3.
    const permutation = between(vectors(4, 1, 0, 0, 7, 8), vectors(4, 1, 8, 7, 0, 0))
    expect([...permutation.sources]).toEqual([3, 2, 0, 1])
  })

  test('nothing moves where nothing has changed, ties or not', () => {
    const w = vectors(3, 2, 1, 1, 1, 2, 0, -0)
    expect(between(w, w)).toEqual(identityPermutation(w))
  })

  test('both zeros are one value, and stay', () => {
    const initial = vectors(3, 1, -0, 0, 1)
    expect(between(initial, vectors(3, 1, 0, -0, 1))).toEqual(identityPermutation(initial))
  })

  test('what is no permutation is refused with the first difference', () => {
    expect(permutationBetween(vectors(2, 2, 1, 1, 2, 2), vectors(2, 2, 1, 1, 2, 3))).toEqual(
      E.left({
        _tag: 'PermutationDifference',
        parameter: '',
        vector: 1,
        position: 1,
        expected: 2,
        actual: 3,
      }),
    )
  })

  test('empty matrices have the empty permutation', () => {
    expect(between(vectors(0, 3), vectors(0, 3)).sources).toHaveLength(0)
    expect(between(vectors(3, 0), vectors(3, 0)).sources).toHaveLength(0)
  })
})

describe('permutationDisplacement', () => {
  test('is the distance of each weight from where it was, at its old place', () => {
    const permutation = between(vectors(3, 2, 1, 0, 2, 0, 3, 5), vectors(3, 2, 3, 0, 1, 5, 2, 0))
    // Column 0: 1 and 2 move down one, 3 moves up two. Column 1: places 1 and 2 change.
    expect(permutationDisplacement(permutation)).toEqual({
      distances: Uint32Array.of(1, 0, 1, 1, 2, 1),
      mean: 1,
      moved: 5,
    })
    expect(permutationDisplacement(identityPermutation({ length: 0, count: 1 })).mean).toBe(0)
  })
})

test('operands of different sizes are refused', () => {
  const identity = identityPermutation({ length: 2, count: 1 })
  expect(() => applyPermutation(identity, vectors(3, 1, 1, 2, 3))).toThrow('w: must be [2, 1], got [3, 1]')
})
