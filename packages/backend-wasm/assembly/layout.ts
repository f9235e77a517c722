/**
 * How the kernel's memory is laid out. Nothing is allocated: the caller grows the memory and copies blocks of columns into it.
 *
 *     BOUNDS     lowest and highest weight of four columns, and what follows from them
 *     LOW, HIGH  counters of the counting passes, at addresses known to the compiler
 *     RADIX      counters of the radix sort
 *     NEAR       four short columns side by side, twice
 *     BLOCKS     the caller's: a block of columns as JavaScript copied it, rows of `stride` bytes, weights of a row side by side;
 *                then the work space:
 *       orders     per column, `padded` 16-bit indices: entry r is the index of the weight with rank r
 *       and behind them, entries of four columns, a spare column, and keys of a column
 *
 * The entries of a group of four columns start where its orders will be: they are pressed to 16 bits in place.
 */

/** Columns that are worked on together: the lanes of a SIMD register. */
export const LANES: i32 = 4

export const BOUNDS: usize = 64
/** 2^10 counters of 16 bits. */
export const LOW: usize = 1024
/** 2^10 counters of 16 bits. */
export const HIGH: usize = 3072
/** 3 * 2^11 counters of 32 bits. */
export const RADIX: usize = 8192
/** 2 * 2 KiB: rows of 16 bytes. Rows of a block can be 2^k bytes apart, where they compete for a few cache sets. */
export const NEAR: usize = 1024
export const NEAR_SORTED: usize = 3072
export const BLOCKS: usize = 32768

/** Columns are padded to whole SIMD registers of 16-bit numbers. */
export function padded(length: i32): i32 {
  return (length + 7) & ~7
}
