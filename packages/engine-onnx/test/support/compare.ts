/** How far two arrays are apart. */
import { expect } from 'vitest'

/** Largest difference, as a fraction of the largest magnitude in `expected`, or of `floor` where that is larger. */
export const relativeError = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = 1e-30,
): number => {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values instead of ${expected.length}`)
  let largest = floor
  let difference = 0
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]))
    const off = Math.abs(actual[i] - expected[i])
    difference = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(difference, off)
  }
  return difference / largest
}

/** Fails, with the name, where the error is above the tolerance. */
export const expectClose = (
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  floor?: number,
): void => {
  expect(relativeError(actual, expected, floor), `${what}: error relative to the largest value`).toBeLessThan(
    tolerance,
  )
}

/** The largest magnitude. */
export const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
