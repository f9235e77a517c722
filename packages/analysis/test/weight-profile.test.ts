import {
  type InitializerSpec,
  initializeParams,
  shuffleWeightVectors,
  type WeightVectors,
} from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { weightProfile } from '../src/weight-profile.ts'

const draw = (initializer: InitializerSpec, length: number, count: number): WeightVectors => {
  const [{ values }] = initializeParams(
    [{ name: 'k', shape: [length, count], role: 'kernel', fanIn: length, fanOut: count, initializer }],
    1,
  )
  return { values, length, count }
}

describe('weightProfile', () => {
  test('by hand: columns [3, 1] and [2, 4]', () => {
    // Sorted: [1, 3] and [2, 4]. Means 1.5 and 3.5, deviation 0.5 in each rank.
    // Squares within ranks: 4 * 0.25 = 1; about the grand mean 2.5: 2.25 + 0.25 + 0.25 + 2.25 = 5. Similarity 1 - 1/5.
    const { mean, min, max, standardDeviation, similarity } = weightProfile({
      values: Float32Array.of(3, 2, 1, 4),
      length: 2,
      count: 2,
    })
    expect([...mean]).toEqual([1.5, 3.5])
    expect([...min]).toEqual([1, 3])
    expect([...max]).toEqual([2, 4])
    expect([...standardDeviation]).toEqual([0.5, 0.5])
    expect(similarity).toBeCloseTo(0.8, 14)
  })

  test('does not depend on where the weights are: D1 is gone, D2 remains', () => {
    const w = draw({ kind: 'heNormal' }, 50, 20)
    const [shuffled] = shuffleWeightVectors(
      [{ name: 'k', shape: [50, 20], role: 'kernel', values: w.values }],
      ['kernel'],
      7,
    )
    expect(weightProfile({ ...w, values: shuffled.values })).toEqual(weightProfile(w))
  })

  test('equidistant vectors are all alike; vectors on different scales are not', () => {
    expect(weightProfile(draw({ kind: 'equidistant' }, 20, 10)).similarity).toBe(1)
    expect(weightProfile(draw({ kind: 'heUniform' }, 400, 30)).similarity).toBeGreaterThan(0.98)
    // Each vector one value, another in each: the rank says nothing.
    expect(weightProfile({ values: Float32Array.of(1, 2, 1, 2), length: 2, count: 2 }).similarity).toBe(0)
  })

  test('equal weights and empty matrices are alike by definition', () => {
    expect(weightProfile(draw({ kind: 'sharedValue', value: 0.03 }, 5, 3)).similarity).toBe(1)
    expect(weightProfile({ values: new Float32Array(0), length: 0, count: 3 }).similarity).toBe(1)
    expect(weightProfile({ values: new Float32Array(0), length: 2, count: 0 }).similarity).toBe(1)
  })

  test('refuses NaN', () => {
    expect(() => weightProfile({ values: Float32Array.of(1, Number.NaN), length: 2, count: 1 })).toThrow(
      /weight 1 of vector 0 is NaN/,
    )
  })
})
