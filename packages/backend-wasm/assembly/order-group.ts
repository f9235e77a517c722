/**
 * The order of a group of columns: by slices of equal width where they tell most weights apart, otherwise by a radix sort.
 */
import { unevenLanes } from './even-slices'
import { radixSort } from './exact-radix-sort'
import { indexBitsOf, paddedRows } from './layout'
import { insertNeighbours } from './shared-slices'
import { scaleSlices, writeSliceEntries } from './slice-entries'
import { sortFromEights } from './sort-rows'

/** Places that the entries of a column may move by insertion; beyond that a radix sort costs less. */
function budgetOf(length: i32): i32 {
  return (length >> 1) + 16
}

/**
 * Order the columns at `near`.
 *
 * @param lanes columns to put in order, one bit each; the other lanes are padding.
 * @param notes on the group, with its bounds.
 * @param entries receives a row for each rank: entries whose index bits are the weights' indices; their other bits are arbitrary.
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
