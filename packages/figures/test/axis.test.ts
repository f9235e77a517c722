import { describe, expect, test } from 'vitest'
import { linearAxis, logAxis, rankAxis, stepAxis } from '../src/axis.ts'

const labels = ({ ticks }: { readonly ticks: readonly { readonly label: string }[] }) =>
  ticks.map(({ label }) => label)

describe('a linear axis', () => {
  test('has ticks at 1, 2, 2.5 or 5 times a power of ten, written with as many places as they need', () => {
    // 0.1..0.97 in 4 intervals: 0.2175 each at least, so 0.25; from 0, which is nearer than one tick.
    const axis = linearAxis(0.1, 0.97, 4)
    expect(labels(axis)).toEqual(['0.00', '0.25', '0.50', '0.75', '1.00'])
    expect([axis.min, axis.max, axis.position(0.5)]).toEqual([0, 1, 0.5])
  })

  test('ends at a quarter of the ticks, close to the data', () => {
    // -0.23..0.26 in 3 intervals: 0.2 each; quarters of 0.05: -0.25 and 0.3.
    const axis = linearAxis(-0.23, 0.26, 3)
    expect([axis.min, axis.max]).toEqual([-0.25, 0.3])
    expect(labels(axis)).toEqual(['−0.2', '0.0', '0.2'])
  })

  test('writes fractions as per cent', () => {
    expect(labels(linearAxis(0.972, 0.981, 4, 'percent'))).toEqual(['97.25%', '97.50%', '97.75%', '98.00%'])
    expect(labels(linearAxis(0, 1, 4, 'percent'))).toEqual(['0%', '25%', '50%', '75%', '100%'])
  })

  test('makes room around a single value', () => {
    for (const value of [0, 3, -0.001]) {
      const { min, max, ticks } = linearAxis(value, value, 4)
      expect(min).toBeLessThanOrEqual(value)
      expect(max).toBeGreaterThan(min)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
    }
  })

  test('has no rounding dust', () => {
    // 3 * 0.1 is 0.30000000000000004 in binary.
    expect(linearAxis(0, 0.3, 3).ticks.map(({ value }) => value)).toEqual([0, 0.1, 0.2, 0.3])
  })
})

describe('a logarithmic axis', () => {
  test('ends at 1, 2 or 5 and is even in ratios', () => {
    const axis = logAxis(0.03, 2.3, 8)
    expect([axis.min, axis.max]).toEqual([0.02, 5])
    expect(labels(axis)).toEqual(['0.02', '0.05', '0.1', '0.2', '0.5', '1', '2', '5'])
    expect(axis.position(Math.sqrt(0.02 * 5))).toBeCloseTo(0.5, 12)
  })

  test('leaves ticks out where there is no room', () => {
    expect(labels(logAxis(0.03, 2.3, 5))).toEqual(['0.03', '0.1', '0.3', '1', '3'])
    expect(labels(logAxis(0.03, 2.3, 3))).toEqual(['0.1', '1'])
    expect(labels(logAxis(1e-9, 1, 4))).toEqual(['10⁻⁹', '10⁻⁶', '0.001', '1'])
  })
})

describe('the axis of steps', () => {
  test('starts at 0, ends at a round number, and moves seldom while a run grows', () => {
    expect([0, 10, 11, 1000, 1001, 1170, 23_450].map((step) => stepAxis(step, 6).max)).toEqual([
      10, 10, 12, 1000, 1200, 1200, 25_000,
    ])
    const ends = new Set(Array.from({ length: 10_000 }, (_, step) => stepAxis(step, 6).max))
    // Ten ends a decade over three decades, 10 to 10,000.
    expect(ends.size).toBe(31)
  })

  test('has whole steps for ticks', () => {
    expect(labels(stepAxis(3, 20))).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    expect(labels(stepAxis(1170, 4))).toEqual(['0', '500', '1,000'])
  })
})

test('the axis of ranks ends at the last rank and has whole ranks for ticks', () => {
  const axis = rankAxis(784, 4)
  expect([axis.max, axis.position(783)]).toEqual([783, 1])
  // 783 in 4 intervals: 196 each at least, so 200.
  expect(labels(axis)).toEqual(['0', '200', '400', '600'])
  expect(labels(rankAxis(2, 4))).toEqual(['0', '1'])
})
