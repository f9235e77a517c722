/** How far two arrays are apart. */

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
