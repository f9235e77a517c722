import { applyPermutation, type WeightVectors } from '@laperm/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countCycles, layerMoves, traceLayer } from '../src/index.ts'

const vector = (...values: readonly number[]): WeightVectors => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})

describe('the trace of a layer', () => {
  test('by hand: a ring of three and a weight that stays', () => {
    // 1 goes from 0 to 1, 2 from 1 to 3, 3 stays at 2, 0 from 3 to 0: ways 1, 2, 0, 3 of 4 places. 0 and 1 cross zero.
    expect(traceLayer(vector(1, 2, 3, 0), vector(0, 1, 3, 2))).toEqual({
      length: 4,
      vectors: 1,
      isPermutation: true,
      moved: 3,
      meanDistance: 6 / 4 / 4,
      zeroToNonZero: 1,
      nonZeroToZero: 1,
      cycles: 1,
      longestCycle: 3,
    })
  })

  test('weights with other values are followed by their ranks', () => {
    // Ranks 0 1 2 become 2 0 1.
    const trace = traceLayer(vector(1, 2, 3), vector(9, -4, 0))
    expect(trace).toMatchObject({
      isPermutation: false,
      moved: 3,
      cycles: 1,
      longestCycle: 3,
      zeroToNonZero: 0,
    })
    expect(trace.nonZeroToZero).toBe(1)
  })

  test('weights that tie and stand where they stood have not moved', () => {
    expect(traceLayer(vector(5, 5, 5, 0), vector(5, 5, 5, -0))).toMatchObject({
      moved: 0,
      cycles: 0,
      nonZeroToZero: 0,
    })
  })

  test('the moves lead from the one to the other, and cycles are those of plain permutations', () => {
    const orders = fc
      .integer({ min: 1, max: 9 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }))
    fc.assert(
      fc.property(orders, (order) => {
        const initial = vector(...order.map((_, i) => (i % 3) / 2))
        const now = applyPermutation(
          { sources: Uint32Array.from(order), length: order.length, count: 1 },
          initial,
        )
        const { permutation, isPermutation } = layerMoves(initial, now)
        expect(isPermutation).toBe(true)
        expect([...applyPermutation(permutation, initial).values]).toEqual([...now.values])
        const sizes = order.map((start) => {
          let size = 1
          for (let i = order[start]; i !== start; i = order[i]) size++
          return size
        })
        const found = countCycles({ sources: Uint32Array.from(order), length: order.length, count: 1 })
        // Each place of a cycle of n counts 1/n.
        expect(found.cycles).toBeCloseTo(
          sizes.reduce((sum, n) => sum + (n > 1 ? 1 / n : 0), 0),
          9,
        )
        expect(found.longest).toBe(Math.max(...sizes) > 1 ? Math.max(...sizes) : 0)
      }),
    )
  })
})
