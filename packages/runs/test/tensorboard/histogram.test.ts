import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogramOf } from '../../src/tensorboard/histogram.ts'

test('counts every value in a bucket whose right edge it does not pass', () => {
  // 64 buckets of width 1 from 0 to 64.
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogramOf(
    Float32Array.of(64, 0, 0.5, 1, 1.5),
  )
  expect([min, max, count, sum, sumOfSquares]).toEqual([0, 64, 5, 67, 4099.5])
  expect(limits.slice(0, 3)).toEqual([1, 2, 3])
  expect(limits.at(-1)).toBe(64)
  expect(counts.map((found, bucket) => [bucket, found]).filter(([, found]) => found > 0)).toEqual([
    [0, 3],
    [1, 1],
    [63, 1],
  ])
})

test('of one shared value is one bucket', () => {
  expect(histogramOf(Float32Array.of(0.25, 0.25))).toMatchObject({ limits: [0.25], counts: [2] })
})

test('does not change when values change places', () => {
  const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, max: 1e6, min: -1e6 }), {
    minLength: 1,
    maxLength: 300,
  })
  const permuted = values.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
  )
  fc.assert(
    fc.property(permuted, ([given, moved]) => {
      const before = Float32Array.from(moved)
      const histogram = histogramOf(before)
      expect(histogram).toEqual(histogramOf(Float32Array.from(given)))
      expect(before).toEqual(Float32Array.from(moved))
      expect(histogram.counts.reduce((sum, found) => sum + found, 0)).toBe(given.length)
    }),
  )
})
