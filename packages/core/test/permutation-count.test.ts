import { describe, expect, test } from 'vitest'
import type { Parameter } from '../src/parameter.ts'
import { log10DistinctPermutationCount, log10PermutationCount } from '../src/permutation/permutation-count.ts'

const parameter = (role: Parameter['role'], shape: readonly number[], ...values: number[]): Parameter => ({
  name: 'p',
  role,
  shape,
  values: Float32Array.from(values),
})

const kernel = (...shape: number[]) => ({ role: 'kernel', shape }) as const

describe('log10PermutationCount', () => {
  test('by hand: 3! for each of four vectors, and 0! = 1! = 1', () => {
    expect(log10PermutationCount([kernel(3, 4)])).toBeCloseTo(4 * Math.log10(6), 14)
    expect(log10PermutationCount([kernel(1, 100), kernel(0, 5)])).toBe(0)
    expect(log10PermutationCount([])).toBe(0)
  })

  test('20! is 2432902008176640000, and 170! is 7.257415615307994e306', () => {
    expect(log10PermutationCount([kernel(20, 1)])).toBeCloseTo(Math.log10(2432902008176640000), 12)
    expect(log10PermutationCount([kernel(10, 17, 1)])).toBeCloseTo(Math.log10(7.257415615307994e306), 10)
  })

  test('agrees with Stirling for the longest vectors', () => {
    const n = 16384
    const stirling =
      (n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3)) / Math.LN10
    expect(log10PermutationCount([kernel(n, 1)]) / stirling).toBeCloseTo(1, 12)
  })

  test('counts kernels, or the roles that are asked for', () => {
    const bias = { role: 'bias', shape: [5] } as const
    expect(log10PermutationCount([kernel(3, 1), bias])).toBeCloseTo(Math.log10(6), 14)
    expect(log10PermutationCount([kernel(3, 1), bias], ['kernel', 'bias'])).toBeCloseTo(Math.log10(720), 14)
  })

  // Conv7 of Table 1: 8e5 in the paper. (All networks, from their models: packages/models/test/permutation-count.test.ts.)
  test('Conv7 has about 10^8.3e5', () => {
    const conv7 = [
      kernel(3, 3, 1, 32),
      kernel(3, 3, 32, 32),
      kernel(5, 5, 32, 32),
      kernel(3, 3, 32, 64),
      kernel(3, 3, 64, 64),
      kernel(5, 5, 64, 64),
      kernel(4, 4, 64, 128),
      kernel(128, 10),
    ]
    expect(log10PermutationCount(conv7) / 1e5).toBeCloseTo(8.3, 1)
  })
})

describe('log10DistinctPermutationCount', () => {
  test('by hand: 5! / (2! 3!) = 10 and 5! / 2! = 60 different orders', () => {
    // Columns [0, 1, 0, 1, 1] and [2, 2, 3, 4, 5].
    const params = [parameter('kernel', [5, 2], 0, 2, 1, 2, 0, 3, 1, 4, 1, 5)]
    expect(log10DistinctPermutationCount(params)).toBeCloseTo(Math.log10(10 * 60), 13)
  })

  test('is the plain count where all weights differ, and 0 where all are one value', () => {
    const different = [parameter('kernel', [2, 3], 1, 2, 3, 4, 5, 6)]
    expect(log10DistinctPermutationCount(different)).toBeCloseTo(log10PermutationCount(different), 14)
    expect(log10DistinctPermutationCount([parameter('kernel', [3, 1], 0.03, 0.03, 0.03)])).toBeCloseTo(0, 14)
    expect(log10DistinctPermutationCount([parameter('kernel', [3, 1], 0, -0, 0)])).toBeCloseTo(0, 14)
    expect(log10DistinctPermutationCount([parameter('kernel', [0, 3])])).toBe(0)
  })

  test('looks at the roles that are asked for', () => {
    const params = [parameter('kernel', [2, 1], 1, 1), parameter('bias', [3], 1, 2, 3)]
    expect(log10DistinctPermutationCount(params)).toBe(0)
    expect(log10DistinctPermutationCount(params, ['bias'])).toBeCloseTo(Math.log10(6), 14)
  })
})
