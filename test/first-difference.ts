/**
 * Where two arrays differ, for tests of large ones.
 */

/** The bits of float32 values, so that -0 and +0 differ and comparisons are exact. */
export const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(Float32Array.from(values).buffer)

/** Where two arrays of integers first differ, in words, or `null`: `toEqual` takes a second for a million elements. */
export const firstDifference = (actual: ArrayLike<number>, expected: ArrayLike<number>): string | null => {
  if (actual.length !== expected.length) return `length ${actual.length} instead of ${expected.length}`
  for (let p = 0; p < actual.length; p++) {
    if (actual[p] !== expected[p]) return `at ${p}: ${actual[p]} instead of ${expected[p]}`
  }
  return null
}
