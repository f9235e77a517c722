/** How far two arrays are apart. */
import { relativeError } from '@laperm/conformance/engine'
import { expect } from 'vitest'

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
