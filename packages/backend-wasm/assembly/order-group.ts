/**
 * The order of a group of columns: by slices of equal width where these tell the weights apart, else by their bits.
 */
import { unevenLanes } from './even-slices'
import { radixSort } from './exact-radix-sort'
import { indexBitsOf, paddedRows } from './layout'
import { insertNeighbours } from './shared-slices'
import { scaleSlices, writeSliceEntries } from './slice-entries'
import { sortFromEights } from './sort-rows'

/** Places the entries of a column may move by insertion before a radix sort costs less. */
function budgetOf(length: i32): i32 {
  return (length >> 1) + 16
}

/**
 * Order the columns at `near`.
 *
 * @param lanes columns that count, one bit each: the others may hold anything.
 * @param notes on the group, with its bounds.
 * @param entries receives for each rank, a row, entries with the indices of the weights; their other bits mean nothing.
 * @param scratch room for as many rows.
 */
export function orderGroup(
  near: usize,
  length: i32,
  lanes: i32,
  notes: usize,
  entries: usize,
  scratch: usize,
): void {
  const indexBits = indexBitsOf(length)
  let inOrder =
    (lanes & ~scaleSlices(length, notes)) === 0 && (unevenLanes(near, length, notes) & lanes) === 0
  if (inOrder) {
    writeSliceEntries(near, length, notes, entries)
    sortFromEights(entries, paddedRows(length))
    inOrder = insertNeighbours(entries, length, indexBits, near, lanes, budgetOf(length))
  }
  if (!inOrder) radixSort(near, length, entries, scratch)
}
