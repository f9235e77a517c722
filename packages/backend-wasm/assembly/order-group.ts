/**
 * The order of a group of columns: by slices of equal width where these tell the weights apart, else by their bits.
 */
import { orderExactly } from './exact-order'
import { indexBitsOf, paddedRows } from './layout'
import { settle } from './settle'
import { scaleSlices, writeSliceEntries } from './slice-entries'
import { sortFromEights } from './sort-rows'

/** Places the entries of a column may move in settling before a second sort costs less. */
function budgetOf(length: i32): i32 {
  return (length >> 1) + 16
}

/**
 * Pairs of neighbours looked at that may share a slice without a sign that all too many do.
 *
 * Where settling is at its limit, every other column has one such pair. There are fewer slices a weight where vectors are long: with this, of
 * normal weights not one column in a thousand is taken for crowded.
 */
function bearableOf(length: i32): i32 {
  return min(1, length >> 12) + (length >> 14)
}

/** Lanes in which more neighbours share a slice than settling is likely to bear, one bit each. */
function crowdedLanes(shared: v128, length: i32): i32 {
  return i32x4.bitmask(i32x4.gt_s(shared, i32x4.splat(bearableOf(length))))
}

/**
 * Order the columns at `near`.
 *
 * @param lanes columns that count, one bit each: the others may hold anything.
 * @param notes on the group, with its bounds.
 * @param entries receives for each rank, a row, entries with the indices of the weights; their other bits mean nothing.
 * @param spare room for as many rows.
 */
export function orderGroup(
  near: usize,
  length: i32,
  lanes: i32,
  notes: usize,
  entries: usize,
  spare: usize,
): void {
  const indexBits = indexBitsOf(length)
  let inOrder = (lanes & ~scaleSlices(length, notes)) === 0
  if (inOrder) {
    const shared = writeSliceEntries(near, length, notes, entries)
    inOrder = (crowdedLanes(shared, length) & lanes) === 0
  }
  if (inOrder) {
    sortFromEights(entries, paddedRows(length))
    inOrder = settle(entries, length, indexBits, near, lanes, budgetOf(length))
  }
  if (!inOrder) orderExactly(near, length, entries, spare)
}
