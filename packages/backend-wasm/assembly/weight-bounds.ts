/**
 * Lowest and highest weight of four columns, and whether one is NaN.
 */

/** Written by `copyAndBound`: two registers. */
export const LOWEST: usize = 64
export const HIGHEST: usize = 80

/**
 * Copy a group to rows of 16 bytes, and write its bounds at LOWEST and HIGHEST.
 *
 * Rows of a matrix can be 2^k bytes apart, where they compete for a few cache sets; the copy is near.
 *
 * @param group the first row; rows are `stride` bytes apart. May be `near` itself when `stride` is 16: then nothing is copied.
 * @returns lanes that hold a NaN, one bit each.
 */
export function copyAndBound(group: usize, stride: usize, length: i32, near: usize): i32 {
  let lowest = v128.load(group)
  let highest = lowest
  let unordered = f32x4.ne(lowest, lowest)
  const end = near + ((<usize>length) << 4)
  for (let to = near; to < end; to += 16) {
    const weights = v128.load(group)
    v128.store(to, weights)
    lowest = f32x4.pmin(lowest, weights)
    highest = f32x4.pmax(highest, weights)
    unordered = v128.or(unordered, f32x4.ne(weights, weights))
    group += stride
  }
  v128.store(LOWEST, lowest)
  v128.store(HIGHEST, highest)
  return i32x4.bitmask(unordered)
}
