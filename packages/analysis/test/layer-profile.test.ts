import { initializeParams, type WeightVectors } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { finiteVectors, profileCurves, profileLayer, valueMoments } from '../src/index.ts'

const draw = (length: number, count: number): WeightVectors => {
  const [{ values }] = initializeParams(
    [
      {
        name: 'k',
        shape: [length, count],
        role: 'kernel',
        fanIn: length,
        fanOut: count,
        initializer: { kind: 'heNormal' },
      },
    ],
    1,
  )
  return { values, length, count }
}

describe('moments of values', () => {
  test('by hand: 0, 0, 0, 4', () => {
    // Mean 1; squares 1 + 1 + 1 + 9 = 12, variance 3; cubes -1 - 1 - 1 + 27 = 24, 6 / 3^1.5.
    const { mean, standardDeviation, skewness, min, max, zeros } = valueMoments(Float32Array.of(0, -0, 0, 4))
    expect([mean, standardDeviation, min, max, zeros]).toEqual([1, Math.sqrt(3), 0, 4, 0.75])
    expect(skewness).toBeCloseTo(6 / 3 ** 1.5, 14)
  })

  test('equal values have no skew', () => {
    expect(valueMoments(Float32Array.of(2, 2)).skewness).toBe(0)
  })
})

describe('the profile of a layer', () => {
  test('vectors that have something in common beyond the values of their layer are more alike than controls', () => {
    // Every vector holds 1 to 50, each in another order: alike to the last bit. Dealt out at random they are not.
    const values = Float32Array.from(
      { length: 50 * 20 },
      (_, at) => (((at / 20) | 0) * 7 + (at % 20) * 3) % 50,
    )
    const { profile, controls } = profileLayer('k', { values, length: 50, count: 20 })
    expect(profile.similarity).toBe(1)
    expect(controls.shuffled).toBeLessThan(0.99)
    expect(controls.shuffled).toBeGreaterThan(0.8)
  })

  test('draws of one distribution are as alike as their controls', () => {
    const { profile, controls } = profileLayer('k', draw(400, 60))
    expect(Math.abs(profile.similarity - controls.shuffled)).toBeLessThan(0.003)
    expect(Math.abs(profile.similarity - controls.gaussian)).toBeLessThan(0.01)
  })

  test('the seed decides the controls, and nothing else', () => {
    const w = draw(30, 10)
    expect(profileLayer('k', w, 3)).toEqual(profileLayer('k', w, 3))
    expect(profileLayer('k', w, 3).controls).not.toEqual(profileLayer('k', w, 4).controls)
    expect(profileLayer('k', w, 3).profile).toEqual(profileLayer('k', w, 4).profile)
  })

  test('vectors with NaN or infinities are counted, and the others profiled', () => {
    const { values, length, count } = draw(6, 4)
    const broken = values.slice()
    broken[1] = Number.NaN
    broken[4 * 4 + 3] = Number.POSITIVE_INFINITY
    const left = profileLayer('k', { values: broken, length, count })
    expect([left.vectors, left.vectorsLeftOut]).toEqual([2, 2])
    const others = Float32Array.from({ length: 12 }, (_, at) => values[((at / 2) | 0) * 4 + (at % 2) * 2])
    expect(finiteVectors({ values: broken, length, count }).values).toEqual(others)
    expect(left.profile).toEqual(profileLayer('k', { values: others, length, count: 2 }).profile)
  })
})

describe('curves for a figure', () => {
  test('by hand: vectors 3, 1 and 4, 2 and 8, 6', () => {
    const curves = profileCurves({ values: Float32Array.of(3, 4, 8, 1, 2, 6), length: 2, count: 3 })
    expect(curves.positions).toEqual([0, 1])
    // Rank 0 holds 1, 2, 6; rank 1 holds 3, 4, 8.
    expect(curves.quantiles[0]).toEqual([1, 3])
    expect(curves.quantiles[3]).toEqual([2, 4])
    expect(curves.quantiles[6]).toEqual([6, 8])
    expect(curves.vectors).toEqual([
      [1, 3],
      [2, 4],
      [6, 8],
    ])
    expect(curves.unsorted).toEqual([
      [3, 1],
      [4, 2],
      [8, 6],
    ])
  })

  test('are bounded, with both ends of vectors and ranks among them', () => {
    const w = draw(1000, 300)
    const curves = profileCurves(w, 50, 10)
    expect([curves.positions.length, curves.vectors.length]).toEqual([50, 10])
    expect([curves.positions[0], curves.positions[49]]).toEqual([0, 1])
    expect(curves.unsorted[9][49]).toBe(w.values[w.values.length - 1])
  })

  test('a layer without finite vectors has none', () => {
    const curves = profileCurves({ values: Float32Array.of(Number.NaN), length: 1, count: 1 })
    expect([curves.quantiles, curves.vectors]).toEqual([[], []])
  })
})
