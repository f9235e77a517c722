/**
 * The order of one weight vector: which weight is smallest, which comes next, with ties by index.
 *
 * Entries are sorted by narrow slices of the vector's range (entry-order.ts); neighbours that these leave in doubt are compared. Weights of a
 * network are spread evenly enough that few are; when many are, a sort by their bits takes over (exact-order.ts), so that no input is slow.
 */
import { columnMemory, columnPitch, indexBits } from './column-memory.ts'
import { orderEntries } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'

// Constants of this module: see column-memory.ts.
const { columns, entries, lowest, highest } = columnMemory

/** Moving over so many places is never worth another sort. */
const MIN_SHIFTS = 64

/** Whether two entries are in order although their slices do not tell: equal weights, of which there may be many, by their indices. */
const isInOrder = (before: number, entry: number, slice: number, base: number): boolean => {
  const mask = slice - 1
  const weightBefore = columns[base + (before & mask)]
  const weight = columns[base + (entry & mask)]
  return weightBefore < weight || (weightBefore === weight && before < entry)
}

/**
 * Move the entry at `r` back to where it belongs among those before it, which are in order.
 *
 * @returns the places it moved.
 */
const insert = (first: number, r: number, slice: number, base: number): number => {
  const entry = entries[r]
  let to = r
  while (to > first) {
    const before = entries[to - 1]
    if (entry - before >= slice) break
    if (before - entry < slice && isInOrder(before, entry, slice, base)) break
    entries[to] = before
    to--
  }
  entries[to] = entry
  return r - to
}

/**
 * Put neighbours in order that are not, or share a slice: insertion, stable.
 *
 * An entry is in doubt when it is not larger than the one before it by a whole slice: one comparison of integers.
 *
 * @returns false when that would take too long.
 */
const settle = (base: number, length: number, slice: number): boolean => {
  let budget = MIN_SHIFTS + (length >> 1)
  let last = entries[base]
  for (let r = base + 1, end = base + length; r < end; r++) {
    const entry = entries[r]
    if (entry - last >= slice || isInOrder(last, entry, slice, base)) last = entry
    else {
      budget -= insert(base, r, slice, base)
      if (budget < 0) return false
      last = entries[r]
    }
  }
  return true
}

/**
 * Order one column of the group in {@link columnMemory}: afterwards `entries[columnPitch(length) * column + r] & mask` is the index of the weight
 * with rank `r`, where `mask = 2^indexBits(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index. About 7 ns a weight; some three times that for values spread over many magnitudes.
 *
 * @param column which column of the group, 0 to 3.
 * @param length weights in it, from 1 to `MAX_LENGTH`.
 */
export const orderColumn = (column: number, length: number): void => {
  const base = column * columnPitch(length)
  const low = lowest[column]
  const range = highest[column] - low
  if (range === 0) {
    for (let i = 0; i < length; i++) entries[base + i] = i
    return
  }
  const isSettled =
    range < Infinity && orderEntries(base, length, low, range) && settle(base, length, 1 << indexBits(length))
  if (!isSettled) orderExactly(base, length)
}
