import { describe, expect, test } from 'vitest'
import { indexAtStep, interpolate, stepsPerPoint, summarize } from '../src/summary.ts'

const points = ({ count, steps, mean, low, high }: ReturnType<typeof summarize>) =>
  Array.from({ length: count }, (_, i) => [steps[i], mean[i], low[i], high[i]])

describe('summarize', () => {
  test('leaves a short series as it is', () => {
    expect(points(summarize([1, 2, 5], [3, 4, 1], 1))).toEqual([
      [1, 3, 3, 3],
      [2, 4, 4, 4],
      [5, 1, 1, 1],
    ])
  })

  test('gives mean and range of the steps that share a point, counted from step 0', () => {
    // Groups of 4: steps 1..3, 4..7, 8.
    expect(points(summarize([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 6, 0, 0, 4, 4, 9], 4))).toEqual([
      [2, 3, 1, 6],
      [5.5, 2, 0, 4],
      [8, 9, 9, 9],
    ])
  })

  test('never averages over a break', () => {
    // A saw that falls to 0 at 5: with breaks after 4 and 5 that point stands alone, sharp.
    const saw = summarize([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 0, 1, 2], 4, [4, 5])
    expect(points(saw)).toEqual([
      [2, 2, 1, 3],
      [4, 4, 4, 4],
      [5, 0, 0, 0],
      [6.5, 1.5, 1, 2],
    ])
  })

  test('a value that is no number breaks the line where it is', () => {
    const { mean } = summarize([1, 2, 3, 4], [1, Number.NaN, 3, 5], 2)
    expect([...mean.subarray(0, 3)]).toEqual([1, Number.NaN, 5])
  })

  test('what is drawn does not change when the run grows', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i))
    const steps = values.map((_, i) => i)
    const whole = points(summarize(steps, values, 8))
    const half = points(summarize(steps.slice(0, 501), values.slice(0, 501), 8))
    expect(half.slice(0, -1)).toEqual(whole.slice(0, half.length - 1))
  })
})

test('points are a power of two of steps, at least the spacing apart', () => {
  // 1000 steps on 500 pixels at 2.5 pixels a point: 5 steps would do, 8 is the next power.
  expect(stepsPerPoint(1000, 500, 2.5)).toBe(8)
  expect(stepsPerPoint(100, 500, 2.5)).toBe(1)
})

test('a step is found, and the line is read between points', () => {
  expect([0, 1, 4, 5, 9].map((step) => indexAtStep([1, 5, 7], step))).toEqual([-1, 0, 0, 1, 2])
  const line = summarize([1, 5], [10, 30], 1)
  expect([0, 1, 2, 5, 6].map((step) => interpolate(line, step))).toEqual([Number.NaN, 10, 15, 30, Number.NaN])
})
