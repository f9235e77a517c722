/**
 * Scratch space for the four operations: made once, used by every call, so that no call allocates.
 */

/** Weight vectors gathered together, at least. */
const MIN_BLOCK_COLUMNS = 4
/** Vectors that are short for the scratch space are gathered more at a time: sixteen float32 columns are a cache line of every row. */
const MAX_BLOCK_COLUMNS = 16
/** A block holds at least this many float32 values. */
const MIN_BLOCK_VALUES = 8192
/** Counters of the widest digit, 11 bits. */
const MAX_BUCKETS = 2048

/**
 * Memory that sorting, ranking and synchronizing vectors of up to `maxLength` weights needs: 48 bytes a weight of ONE vector, plus
 * at most 100 kB.
 *
 * Its contents mean nothing between calls. It belongs to whoever made it; two calls at the same time (two threads) need two of them.
 */
export interface SyncScratch {
  /** Longest weight vector that fits. */
  readonly maxLength: number
  /** A block of columns of w, each contiguous; also where results wait to be written back. */
  readonly columns: Float32Array
  /** The same columns of theta_sorted. */
  readonly sortedColumns: Float32Array
  /** The same memory as `columns`, for ranks. */
  readonly rankColumns: Uint32Array
  /** The last column's order: the low bits of entry `r` are the index of the weight with rank `r`. */
  readonly order: Int32Array
  readonly orderSpare: Int32Array
  readonly keys: Uint32Array
  readonly keysSpare: Uint32Array
  readonly counts: Int32Array
  readonly highCounts: Int32Array
  /** Smallest and largest weight of each column of the block. */
  readonly lowest: Float64Array
  readonly highest: Float64Array
}

/** Padding keeps columns of 2^k weights from competing for the same cache sets. */
export const columnPitch = (length: number): number => ((length + 15) & ~15) + 16

/** How many columns of this length a block holds: a multiple of four. */
export const blockColumns = (scratch: SyncScratch, length: number): number =>
  Math.min(MAX_BLOCK_COLUMNS, Math.floor(scratch.columns.length / columnPitch(length)) & ~3)

/**
 * Allocate scratch space.
 *
 * @param maxLength longest weight vector to come: a non-negative integer.
 * @throws RangeError when `maxLength` is not a non-negative integer.
 * @example
 * ```ts
 * const scratch = makeSyncScratch(4608)
 * for (const parameter of parameters) syncInto(parameter.sorted, parameter.weights, parameter.weights.values, scratch)
 * ```
 */
export const makeSyncScratch = (maxLength: number): SyncScratch => {
  if (!Number.isSafeInteger(maxLength) || maxLength < 0)
    throw new RangeError(`maxLength: expected a non-negative integer, got ${maxLength}`)
  const columns = new Float32Array(Math.max(MIN_BLOCK_VALUES, MIN_BLOCK_COLUMNS * columnPitch(maxLength)))
  return {
    maxLength,
    columns,
    sortedColumns: new Float32Array(columns.length),
    rankColumns: new Uint32Array(columns.buffer),
    order: new Int32Array(maxLength),
    orderSpare: new Int32Array(maxLength),
    keys: new Uint32Array(maxLength),
    keysSpare: new Uint32Array(maxLength),
    counts: new Int32Array(MAX_BUCKETS),
    highCounts: new Int32Array(MAX_BUCKETS),
    lowest: new Float64Array(MAX_BLOCK_COLUMNS),
    highest: new Float64Array(MAX_BLOCK_COLUMNS),
  }
}
