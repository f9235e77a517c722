/**
 * The layout of the kernel's memory.
 *
 * The kernel allocates nothing: the caller says where everything lies, from address 64 on.
 *
 *     row      16 bytes: one weight, or one number about it, of each of four columns
 *     group    four columns: rows one after the other
 *     bundle   up to four groups, side by side in a matrix: a cache line of each row
 *     matrix   columns in one of two layouts: rows of `stride` bytes whose groups are 16 bytes apart (row-major, as in JavaScript), or groups
 *              one after the other (`stride` 16)
 *     entry    32 bits: the number of a slice in the high bits, a weight's index within its column in the low bits
 *
 * Rows are sorted in runs of eight, so entries have room for `paddedRows(length)` rows.
 */

/** Columns of a group: the lanes of a SIMD register. */
export const LANES: i32 = 4

/** Groups that can be gathered together: 16 columns, a cache line. */
export const BUNDLE_GROUPS: i32 = 4

/** Rows of a group, rounded up to a multiple of eight. */
export function paddedRows(length: i32): i32 {
  return (length + 7) & ~7
}

/** Bits of an entry that hold the index. */
export function indexBitsOf(length: i32): i32 {
  return length < 2 ? 1 : 32 - clz<i32>(length - 1)
}

/** Fill the rows behind `length` with the largest entry there can be. */
export function padEntries(entries: usize, length: i32): void {
  const end = entries + ((<usize>paddedRows(length)) << 4)
  for (let at = entries + ((<usize>length) << 4); at < end; at += 16) v128.store(at, i32x4.splat(-1))
}
