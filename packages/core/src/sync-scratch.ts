/**
 * Scratch space for the four operations: made once, used by every call, so that no call allocates.
 */

import { MAX_BUCKETS } from './counting-sort.ts'

/** Weight vectors that are worked on together: neighbours in a row-major matrix. */
export const GROUP_COLUMNS = 4

/**
 * Memory that sorting, ranking and synchronizing vectors of up to `maxLength` weights needs: 44 bytes a weight of ONE vector, plus 17 kB.
 *
 * Its contents mean nothing between calls. It belongs to whoever made it; two calls at the same time (two threads) need two of them.
 */
export interface SyncScratch {
  /** Longest weight vector that fits. */
  readonly maxLength: number
  /** Four columns of w, each contiguous, {@link columnPitch} apart; also where results wait to be written back. */
  readonly columns: Float32Array
  /** The same memory, for ranks. */
  readonly rankColumns: Uint32Array
  /** The order of each of the four columns: the low bits of entry `r` are the index of the weight with rank `r`. */
  readonly orders: readonly [Int32Array, Int32Array, Int32Array, Int32Array]
  readonly orderSpare: Int32Array
  readonly keys: Uint32Array
  readonly indices: Int32Array
  readonly counts: Int32Array
  readonly highCounts: Int32Array
  /** Smallest and largest weight of each of the four columns. */
  readonly lowest: Float64Array
  readonly highest: Float64Array
}

/** Padding keeps columns of 2^k weights from competing for the same cache sets. */
export const columnPitch = (length: number): number => ((length + 15) & ~15) + 16

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
  const columns = new Float32Array(GROUP_COLUMNS * columnPitch(maxLength))
  const integers = () => new Int32Array(maxLength)
  return {
    maxLength,
    columns,
    rankColumns: new Uint32Array(columns.buffer),
    orders: [integers(), integers(), integers(), integers()],
    orderSpare: integers(),
    keys: new Uint32Array(maxLength),
    indices: integers(),
    counts: new Int32Array(MAX_BUCKETS),
    highCounts: new Int32Array(MAX_BUCKETS),
    lowest: new Float64Array(GROUP_COLUMNS),
    highest: new Float64Array(GROUP_COLUMNS),
  }
}
