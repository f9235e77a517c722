/**
 * The order of one weight vector: which weight is smallest, which comes next, with ties by index.
 *
 * Entries are sorted by narrow slices of the vector's range (entry-order.ts); neighbours that these leave in doubt are compared. Weights of a
 * network are spread evenly enough that few are; when many are, a sort by their bits takes over (exact-order.ts), so that no input is slow.
 */
import { indexBits, orderEntries } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'
import { columnPitch, type SyncScratch } from './sync-scratch.ts'

/** Beyond this length a slice number and an index no longer fit 31 bits with slices to spare. */
const MAX_SLICED_LENGTH = 65536
/** Moving over so many places is never worth another sort. */
const MIN_SHIFTS = 64

/**
 * Move the entry at `r` back to where it belongs among those before it, which are in order.
 *
 * @returns the places it moved.
 */
const insert = (order: Int32Array, r: number, shift: number, columns: Float32Array, base: number): number => {
  const mask = (1 << shift) - 1
  const entry = order[r]
  const slice = entry >>> shift
  const weight = columns[base + (entry & mask)]
  let to = r
  while (to > 0) {
    const before = order[to - 1]
    const sliceBefore = before >>> shift
    if (sliceBefore < slice) break
    if (sliceBefore === slice) {
      const weightBefore = columns[base + (before & mask)]
      if (weightBefore < weight || (weightBefore === weight && before < entry)) break
    }
    order[to] = before
    to--
  }
  order[to] = entry
  return r - to
}

/**
 * Put neighbours in order that are not, or share a slice: insertion, stable.
 *
 * An entry is in doubt when it is not larger than the one before it by a whole slice: one comparison of integers, for four at a time.
 *
 * @returns false when that would take too long.
 */
const settle = (
  base: number,
  length: number,
  shift: number,
  order: Int32Array,
  columns: Float32Array,
): boolean => {
  const slice = 1 << shift
  let budget = MIN_SHIFTS + (length >> 1)
  let last = order[0]
  let r = 1
  while (r < length) {
    if (r + 3 < length) {
      const a = order[r]
      const b = order[r + 1]
      const c = order[r + 2]
      const d = order[r + 3]
      if (a - last >= slice && b - a >= slice && c - b >= slice && d - c >= slice) {
        last = d
        r += 4
        continue
      }
    }
    for (const stop = Math.min(r + 4, length); r < stop; r++) {
      if (order[r] - order[r - 1] < slice) budget -= insert(order, r, shift, columns, base)
    }
    if (budget < 0) return false
    last = order[r - 1]
  }
  return true
}

/**
 * Order one column of `scratch.columns`: afterwards `scratch.orders[column][r] & mask` is the index of the weight with rank `r`, where
 * `mask = 2^indexBits(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index. About 9 ns a weight; two to three times that for values spread over many magnitudes.
 *
 * @param column which column of the group, 0 to 3.
 */
export const orderColumn = (column: number, length: number, scratch: SyncScratch): void => {
  const base = column * columnPitch(length)
  const low = scratch.lowest[column]
  const range = scratch.highest[column] - low
  const order = scratch.orders[column]
  if (range === 0) {
    for (let i = 0; i < length; i++) order[i] = i
    return
  }
  const isSettled =
    length <= MAX_SLICED_LENGTH &&
    range < Infinity &&
    orderEntries(base, length, low, range, order, scratch) &&
    settle(base, length, indexBits(length), order, scratch.columns)
  if (!isSettled) orderExactly(base, length, order, scratch)
}
