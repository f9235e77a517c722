/**
 * Memory in which weight vectors are sorted, ranked and synchronized, four neighbours at a time.
 *
 * It belongs to this module, so each thread has its own, and what it holds means nothing between calls. Pages that no vector was long enough to
 * touch are never taken from the system: 48 bytes a weight of the longest vector so far, and up to 128 kB of counters.
 *
 * Modules that work in it bind its arrays to constants of their own. V8 then knows their addresses and lengths and compiles an access to one
 * instruction and a comparison; of an array that comes as an argument it looks up both in every round of a loop, which takes twice as long.
 */

/** Weight vectors that are worked on together: neighbours in a row-major matrix. */
export const GROUP_COLUMNS = 4

/** Longest vector that is ordered here; beyond it an index and a slice number no longer fit an entry with slices to spare. */
export const MAX_LENGTH = 65536

/** Most counters that a counting sort uses: 128 kB, which the second cache holds. */
export const MAX_DIGIT_BITS = 15

/** Distance between two columns: padding keeps columns of 2^k weights from competing for the same cache sets. */
export const columnPitch = (length: number): number => ((length + 15) & ~15) + 16

/** Longest vector whose order by bits is made by insertion, which is faster up to there; measured. A power of 2. */
export const MAX_PACKED = 32

/** Where an order that is being made waits: behind the orders of a group's columns, with place for two of them, {@link columnPitch} apart. */
export const spareBase = (length: number): number => GROUP_COLUMNS * columnPitch(length)

const columns = new Float32Array(GROUP_COLUMNS * columnPitch(MAX_LENGTH))

/** The arrays. */
export const columnMemory = {
  /** Four columns of w, {@link columnPitch} apart; also where results wait to be written back. */
  columns,
  /** The same memory as bits, and for ranks. */
  columnWords: new Uint32Array(columns.buffer),
  /**
   * Entries, 31 bits: something to sort by above an index. The orders of the four columns, {@link columnPitch} apart, and two spare ones behind
   * them: afterwards the low bits of entry `r` of a column are the index of the weight with rank `r`.
   */
  entries: new Int32Array((GROUP_COLUMNS + 2) * columnPitch(MAX_LENGTH)),
  /** Counters of a counting sort. */
  counts: new Int32Array(1 << MAX_DIGIT_BITS),
  /** A column's weights as unsigned integers in the same order, and its order so far: for the sort by bits. */
  keys: new Uint32Array(MAX_LENGTH),
  indices: new Int32Array(MAX_LENGTH),
  /** A short column's keys above indices, in one number each: for insertion by bits. */
  packed: new Float64Array(MAX_PACKED),
  /** Smallest and largest weight of each of the four columns. */
  lowest: new Float64Array(GROUP_COLUMNS),
  highest: new Float64Array(GROUP_COLUMNS),
  /** What maps each column's weights to entries: `weight * scale + offset`. */
  scales: new Float64Array(GROUP_COLUMNS),
  offsets: new Float64Array(GROUP_COLUMNS),
} as const

/** Bits that an index into a vector of this length needs: an entry holds it in its low bits. */
export const indexBits = (length: number): number => (length <= 1 ? 1 : 32 - Math.clz32(length - 1))
