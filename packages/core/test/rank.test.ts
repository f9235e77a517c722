import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { rank, rankInto } from '../src/operations/rank.ts'

const vector = (...values: number[]) => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})
const ranksOf = (...values: number[]) => {
  const out = new Uint32Array(values.length)
  rankInto(vector(...values), out)
  return [...out]
}

describe('rank', () => {
  test('counts the weights that come before', () => {
    // Ascending: -2 (index 1), 0.5 (3), 1 (0), 4 (2).
    expect(ranksOf(1, -2, 4, 0.5)).toEqual([2, 0, 3, 1])
  })

  test('keeps index order where weights are equal, and -0 equals +0', () => {
    // The four zeros take ranks 1 to 4 in index order, whatever their signs; -1 is first, 1 last.
    expect(ranksOf(0, -0, 1, -1, 0, -0)).toEqual([1, 2, 5, 0, 3, 4])
  })

  test('ranks infinities as numbers', () => {
    expect(ranksOf(Infinity, 0, -Infinity, 3.4e38, Infinity)).toEqual([3, 1, 0, 2, 4])
  })

  test('ranks each column on its own', () => {
    // Columns (3, 1, 2) and (-1, -3, -2).
    const w = { values: Float32Array.of(3, -1, 1, -3, 2, -2), length: 3, count: 2 }
    expect(rank(w)).toEqual(E.right({ ranks: Uint32Array.of(2, 2, 0, 0, 1, 1), length: 3, count: 2 }))
  })

  test('ranks nothing of nothing', () => {
    expect(rank({ values: new Float32Array(0), length: 0, count: 3 })).toEqual(
      E.right({ ranks: new Uint32Array(0), length: 0, count: 3 }),
    )
  })

  test('ranks a vector longer than any index of 16 bits', () => {
    const length = 70_000
    const values = Float32Array.from({ length }, (_, i) => (i * 7919) % length)
    const out = new Uint32Array(length)
    rankInto({ values, length, count: 1 }, out)
    expect(out.every((r, i) => r === values[i])).toBe(true)
  })

  test('reports the first NaN of a matrix by vector and index', () => {
    const values = Float32Array.from({ length: 40 }, (_, p) => (p >= 27 ? Number.NaN : p))
    // Position 27 of rows of 5 is weight 5 of vector 2.
    expect(rank({ values, length: 8, count: 5 }, 'conv1')).toEqual(
      E.left({ _tag: 'Diverged', variable: 'conv1', vector: 2, index: 5 }),
    )
  })
})
