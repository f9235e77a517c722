/**
 * Memory in which weight vectors are sorted, ranked and synchronized, four neighbours at a time.
 *
 * It belongs to this module, so each thread has its own, and what it holds means nothing between calls. The system gives only pages that are touched:
 * 48 bytes per weight of the longest vector so far, and 16 of counters.
 *
 * Modules that work in it bind its arrays, and numbers that a loop needs, to constants of their own: see order.ts.
 */

/** Weight vectors that are worked on together: neighbours in a row-major matrix. */
export const GROUP_COLUMNS = 4

/** Longest vector that is ordered here: an index and a position are 16 bits. */
export const MAX_LENGTH = 65535

/** Distance between columns. Not a power of two: columns would compete for the same cache sets. */
export const COLUMN_PITCH = 65536 + 304

/** The bucket of an entry is its bits from here on, whatever the length: a shift by a constant is cheaper than one by a variable. */
export const BUCKET_SHIFT = 16

/** Most buckets of a bucket sort, as a power of two: entries are positive integers of 32 bits. */
export const MAX_BUCKET_BITS = 15

/** Counters of a radix sort for one of four vectors: 256 for each of four digits of 8 bits. */
export const DIGIT_COUNTERS = 4 * 256

/**
 * Kept between counters that are used together. Where addresses differ by a multiple of 4096 bytes, the processor takes a read of one for a read of what
 * was just written to the other, and waits; so the arrays share one memory, in which it is known how far they are apart.
 */
const COUNTER_GAP = 272

const BUCKETS = 1 << MAX_BUCKET_BITS
const GROUP_WORDS = GROUP_COLUMNS * COLUMN_PITCH

/** An array of columns, {@link COLUMN_PITCH} apart, as the four columns that it starts with. */
const columnsOf = <A extends Float32Array | Uint32Array | Int32Array>(array: A): readonly [A, A, A, A] => {
  const column = (k: number) => array.subarray(k * COLUMN_PITCH, (k + 1) * COLUMN_PITCH) as A
  return [column(0), column(1), column(2), column(3)]
}

const memory = new ArrayBuffer(4 * (3 * GROUP_WORDS + 2 * BUCKETS + COUNTER_GAP))
const weights = new Float32Array(memory, 0, GROUP_WORDS)
const words = new Uint32Array(memory, 0, GROUP_WORDS)
const entries = new Int32Array(memory, 4 * GROUP_WORDS, 2 * GROUP_WORDS)
const allCounts = new Int32Array(memory, 12 * GROUP_WORDS)
const digitCounts = (k: number): Int32Array => {
  const first = k * (DIGIT_COUNTERS + COUNTER_GAP)
  return allCounts.subarray(first, first + DIGIT_COUNTERS)
}

/** Where the scratch columns start in `entries`. */
export const SCRATCH_BASE = GROUP_WORDS

/** The arrays. */
export const columnMemory = {
  /** Four columns of w, {@link COLUMN_PITCH} apart; also where results wait to be written back. */
  weights,
  weightColumns: columnsOf(weights),
  /** The same memory as bits, for order keys, and for ranks. */
  words,
  wordColumns: columnsOf(words),
  /**
   * Entries: something to sort by above an index. First the orders of the four columns, {@link COLUMN_PITCH} apart: once sorted, the low bits of
   * entry `r` of a column are the index of the weight with rank `r`. Behind them, from {@link SCRATCH_BASE} on, four scratch columns.
   */
  entries,
  orderColumns: columnsOf(entries),
  scratchColumns: columnsOf(entries.subarray(SCRATCH_BASE)),
  /** Counters of the buckets; of four columns two share each. */
  counts: allCounts.subarray(0, BUCKETS),
  otherCounts: allCounts.subarray(BUCKETS + COUNTER_GAP),
  /** Counters of a radix sort of four columns, in the same memory. */
  digitCounts: [digitCounts(0), digitCounts(1), digitCounts(2), digitCounts(3)],
  /** Smallest and largest weight of each of the four columns. */
  lowest: new Float64Array(GROUP_COLUMNS),
  highest: new Float64Array(GROUP_COLUMNS),
  /** What maps each column's weights to entries: `weight * scale + offset`. */
  scales: new Float64Array(GROUP_COLUMNS),
  offsets: new Float64Array(GROUP_COLUMNS),
  /** How many neighbours of each column's order are unseparated (insert-neighbours.ts). */
  unseparated: new Int32Array(GROUP_COLUMNS),
} as const

/** One more than the largest index that the low bits of an entry hold: a power of two, at least the vector's length. Entries of a slice differ by less. */
export const sliceOf = (length: number): number => (length <= 1 ? 2 : 1 << (32 - Math.clz32(length - 1)))
