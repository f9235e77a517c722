/**
 * The operations on a matrix, one group of columns after the other.
 *
 * Where rows are wider than a group they are copied to `near` first, and results back from there; groups that lie by themselves (rows of
 * 16 bytes, `groupBytes` from one to the next) are worked on in place.
 */
import { LANES, paddedRows } from './layout'
import { orderGroup } from './order-group'
import { gatherSorted, placeRanks, placeSorted, spread } from './place'
import { copyAndBound } from './weight-bounds'

/** One bit a column. */
function lanesOf(columns: i32): i32 {
  return (1 << columns) - 1
}

const SYNC: i32 = 0
const RANK: i32 = 1
const SORT: i32 = 2

/**
 * Every group of a matrix at `w`, replaced by its result.
 *
 * @param work three times the rows of a group: near weights, entries, spare; two where the groups lie by themselves.
 * @returns whether a NaN was found: then the group with it and those behind it are as they were.
 */
function replaceGroups(
  operation: i32,
  w: usize,
  sorted: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
): bool {
  const rowsBytes = (<usize>paddedRows(length)) << 4
  const isNear = stride === 16
  const entries = work
  const spare = entries + rowsBytes
  for (let first = 0; first < columns; first += LANES) {
    const present = min(LANES, columns - first)
    const lanes = lanesOf(present)
    const near = isNear ? w : spare + rowsBytes
    if (copyAndBound(w, stride, length, near) & lanes) return true
    orderGroup(near, length, lanes, entries, spare)
    if (operation === SYNC) placeSorted(entries, sorted, stride, length, near)
    else if (operation === RANK) placeRanks(entries, length, near)
    else gatherSorted(entries, near, length)
    const result = operation === SORT ? entries : near
    if (result !== w) spread(result, length, w, stride, present)
    w += groupBytes
    sorted += groupBytes
  }
  return false
}

/** The weights at `w` become synchronized: `w[i] = sorted[rank(w)[i]]` in each column. Both matrices are laid out alike. */
export function syncColumns(
  w: usize,
  sorted: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
): bool {
  return replaceGroups(SYNC, w, sorted, stride, groupBytes, length, columns, work)
}

/** The weights at `w` become their ranks, as 32-bit integers. */
export function rankColumns(
  w: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
): bool {
  return replaceGroups(RANK, w, 0, stride, groupBytes, length, columns, work)
}

/** The weights at `w` become sorted, every zero as +0. */
export function sortColumns(
  w: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
): bool {
  return replaceGroups(SORT, w, 0, stride, groupBytes, length, columns, work)
}
