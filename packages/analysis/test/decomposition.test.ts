import { type Params, rank, sort, type WeightVectors } from '@laperm/core'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  commonProfile,
  commonProfileKinds,
  decompose,
  locationsAlone,
  normalQuantile,
  valueMoments,
  valuesAlone,
  weightProfile,
} from '../src/index.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** Few values, so that many are equal; zeros of both signs among them. */
const matrices = fc
  .record({ length: fc.integer({ min: 1, max: 9 }), count: fc.integer({ min: 1, max: 5 }) })
  .chain(({ length, count }) =>
    fc
      .array(fc.oneof(fc.constantFrom(0, -0, 1, -1), fc.float({ min: -8, max: 8, noNaN: true })), {
        minLength: length * count,
        maxLength: length * count,
      })
      .map((values): WeightVectors => ({ values: Float32Array.from(values), length, count })),
  )

const profileOf = (kind: (typeof commonProfileKinds)[number], w: WeightVectors): Float64Array =>
  commonProfile(kind, weightProfile(w).mean, valueMoments(w.values))

describe('w = sigma(theta) + delta', () => {
  test('by hand: two vectors around (1, 2, 6)', () => {
    // Sorted (0, 2, 5) and (2, 2, 7): theta (1, 2, 6), mean 3. Deltas -1 0 -1 and 1 0 1: 4. Theta about its mean: 4 + 1 + 9 = 14, two vectors: 28.
    // Mean alone: 2 * 3 * 9 = 54. Squares: 29 + 57 = 86 = 28 + 54 + 4.
    const w = { values: Float32Array.of(5, 2, 0, 7, 2, 2), length: 3, count: 2 }
    const { energy, located } = decompose(w, weightProfile(w).mean)
    expect(energy).toEqual({ total: 86, d1: 28, d2Theta: 54, d2Delta: 4, cross: 0 })
    expect([...located.values]).toEqual([6, 1, 1, 6, 2, 2])
  })

  test('the parts add up to the whole, and the mean sorted vector crosses with nothing', () => {
    fc.assert(
      fc.property(matrices, fc.constantFrom(...commonProfileKinds), (w, kind) => {
        const { total, d1, d2Theta, d2Delta, cross } = decompose(w, profileOf(kind, w)).energy
        expect(d1 + d2Theta + d2Delta + cross).toBeCloseTo(total, 8)
        if (kind === 'mean') expect(cross).toBeCloseTo(0, 8)
      }),
    )
  })

  test('what is located has the order of the weights and the values of theta', () => {
    fc.assert(
      fc.property(matrices, fc.constantFrom(...commonProfileKinds), (w, kind) => {
        const theta = Float32Array.from(profileOf(kind, w))
        const { located } = decompose(w, profileOf(kind, w))
        const { ranks } = must(rank(w))
        expect([...located.values]).toEqual([...ranks].map((r) => theta[r]))
        const sorted = must(sort(located)).values
        for (let j = 0; j < w.count; j++)
          for (let r = 0; r < w.length; r++) expect(sorted[r * w.count + j]).toBe(theta[r] + 0)
      }),
    )
  })

  test('vectors that are permutations of each other leave no delta', () => {
    const w = { values: Float32Array.of(0.1, 0.3, 0.2, 0.1, 0.3, 0.2), length: 3, count: 2 }
    expect(decompose(w, weightProfile(w).mean).energy.d2Delta).toBe(0)
  })

  test('a theta of another length is refused', () => {
    expect(() =>
      decompose({ values: new Float32Array(4), length: 2, count: 2 }, new Float64Array(3)),
    ).toThrow(/theta: must have 2 values, got 3/)
  })
})

describe('shared values', () => {
  const mean = Float64Array.of(-3, -1, 0, 1, 2, 7)
  const moments = { ...valueMoments(Float32Array.of(1)), mean: 1, standardDeviation: 2 }

  test('of two and three values are the means of equal parts', () => {
    expect([...commonProfile('two', mean, moments)]).toEqual([-4 / 3, -4 / 3, -4 / 3, 10 / 3, 10 / 3, 10 / 3])
    expect([...commonProfile('three', mean, moments)]).toEqual([-2, -2, 0.5, 0.5, 4.5, 4.5])
    expect([...commonProfile('three', Float64Array.of(5), moments)]).toEqual([5])
  })

  test('of distributions are their quantiles with the moments of the layer', () => {
    // The quantile of 1/12 of a standard normal is -1.3829941; of 3/12 -0.6744898.
    const gaussian = commonProfile('gaussian', mean, moments)
    expect(gaussian[0]).toBeCloseTo(1 - 2 * 1.3829941, 5)
    expect(gaussian[4]).toBeCloseTo(1 + 2 * 0.6744898, 5)
    // Uniform with deviation 2 has half width 2 sqrt(3); 11/12 lies at 5/6 of it.
    expect(commonProfile('uniform', mean, moments)[5]).toBeCloseTo(1 + (5 / 6) * 2 * Math.sqrt(3), 12)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 6)
    expect(normalQuantile(0.5)).toBe(0)
  })
})

test('networks of shared values change finite kernels alone, and keep their values through a random order', () => {
  const params: Params = [
    { name: 'a', role: 'kernel', shape: [3, 2], values: Float32Array.of(5, 2, 0, 7, 2, 2) },
    { name: 'b', role: 'bias', shape: [2], values: Float32Array.of(1, 2) },
    { name: 'c', role: 'kernel', shape: [1, 2], values: Float32Array.of(Number.NaN, 2) },
  ]
  const located = locationsAlone(params, 'mean')
  expect([...located[0].values]).toEqual([6, 1, 1, 6, 2, 2])
  expect(located.slice(1)).toEqual(params.slice(1))
  const column = (values: Float32Array, j: number) => [values[j], values[2 + j], values[4 + j]].sort()
  const [mixed] = valuesAlone(params, 'mean', 3)
  for (const j of [0, 1]) expect(column(mixed.values, j)).toEqual([1, 2, 6])
  expect([...params[0].values]).toEqual([5, 2, 0, 7, 2, 2])
})
