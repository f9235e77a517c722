import { expect, test } from 'vitest'
import { envelopeOf, greatestDifference, pickRanks, pickRows } from '../src/envelope.ts'

test('the envelope is the lowest and the highest weight at every rank', () => {
  const rows = Float32Array.of(-1, 0, 4, -2, 1, 3, -3, 0.5, 5)
  expect(envelopeOf(rows, 3)).toEqual({ low: Float32Array.of(-3, 0, 3), high: Float32Array.of(-1, 1, 5) })
})

test('the difference is 0 only for the same numbers, and never hides NaN', () => {
  const weights = Float32Array.of(-0.25, 0, 0.1)
  expect(greatestDifference(weights, weights.slice())).toBe(0)
  // The next float32 above 0.1.
  expect(greatestDifference(weights, Float32Array.of(-0.25, 0, Math.fround(0.1) + 2 ** -27))).toBe(2 ** -27)
  expect(greatestDifference(weights, Float32Array.of(-0.25, Number.NaN, 0.1))).toBeNaN()
})

test('rows and ranks are picked evenly, ends included', () => {
  expect(pickRows(3, 5)).toEqual([0, 1, 2])
  expect(pickRows(9, 5)).toEqual([0, 2, 4, 6, 8])
  const ranks = pickRanks(1000, 11)
  expect(ranks[0]).toBe(0)
  expect(ranks.at(-1)).toBe(999)
  // Sorted weights are steep at their ends.
  expect(ranks.slice(0, 4)).toEqual([0, 1, 2, 3])
  expect(ranks.slice(-3)).toEqual([997, 998, 999])
})
