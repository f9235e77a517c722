/**
 * The operations on a matrix, one bundle of column groups after the other.
 *
 * Groups with rows of 16 bytes, `groupBytes` from one group to the next, are worked on in place. Groups of wider rows are first copied to
 * adjacent rows, at `near`, and results are copied back from there.
 */
import { BUNDLE_GROUPS, indexBitsOf, LANES, paddedRows } from './layout'
import { orderGroup } from './order-group'
import { placeRanks, placeSorted, sortByOrder, spreadFour, spreadGroup, spreadTwo } from './place'
import { boundGroup, gatherFour, gatherGroup, gatherTwo, NOTES_BYTES, notesOf } from './weight-bounds'

/** A mask of one bit for each of the first columns. */
function lanesOf(columns: i32): i32 {
  return (1 << columns) - 1
}

const SYNC: i32 = 0
const RANK: i32 = 1
const SORT: i32 = 2

/** Copy the groups of a bundle to `near`, and note their bounds. */
function gatherBundle(
  first: usize,
  stride: usize,
  length: i32,
  groups: i32,
  near: usize,
  notes: usize,
): void {
  const rowsBytes = (<usize>paddedRows(length)) << 4
  if (groups === BUNDLE_GROUPS) {
    gatherFour(first, stride, length, near, rowsBytes, notes)
    return
  }
  let group = 0
  for (; group + 1 < groups; group += 2) {
    gatherTwo(first, stride, length, near, rowsBytes, notesOf(notes, group))
    first += 32
    near += 2 * rowsBytes
  }
  if (group < groups) gatherGroup(first, stride, length, near, notesOf(notes, group))
}

/** Copy a bundle back; the last group of a matrix may have fewer columns. */
function spreadBundle(near: usize, length: i32, columns: i32, out: usize, stride: usize): void {
  const rowsBytes = (<usize>paddedRows(length)) << 4
  if (columns === BUNDLE_GROUPS * LANES) {
    spreadFour(near, rowsBytes, length, out, stride)
    return
  }
  for (; columns >= 2 * LANES; columns -= 2 * LANES) {
    spreadTwo(near, rowsBytes, length, out, stride)
    near += 2 * rowsBytes
    out += 32
  }
  for (; columns > 0; columns -= LANES) {
    spreadGroup(near, length, out, stride, min(LANES, columns))
    near += rowsBytes
    out += 16
  }
}

/** The weights of a group at `near` become the operation's result. */
function replaceGroup(
  operation: i32,
  near: usize,
  sorted: usize,
  stride: usize,
  length: i32,
  columns: i32,
  group: i32,
  work: usize,
): void {
  const entries = work + NOTES_BYTES
  const scratch = entries + ((<usize>paddedRows(length)) << 4)
  orderGroup(near, length, lanesOf(columns), notesOf(work, group), entries, scratch)
  const indexBits = indexBitsOf(length)
  if (operation === SYNC) placeSorted(entries, indexBits, sorted, stride, length, near)
  else if (operation === RANK) placeRanks(entries, indexBits, length, near)
  else sortByOrder(entries, indexBits, length, near)
}

/**
 * Apply an operation to the matrix at `w` and write the result to `out`, which has the same layout and may be the same matrix.
 *
 * @param w weights, none of them NaN.
 * @param work room for the notes and two groups; where groups are copied, also for the groups of a bundle.
 * @param bundle groups that are gathered together, from 1 to BUNDLE_GROUPS.
 */
function replaceColumns(
  operation: i32,
  w: usize,
  sorted: usize,
  out: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
  bundle: i32,
): void {
  const rowsBytes = (<usize>paddedRows(length)) << 4
  const isNear = stride === 16
  const nearBundle = work + NOTES_BYTES + 2 * rowsBytes
  while (columns > 0) {
    const present = min(bundle * LANES, columns)
    const groups = (present + LANES - 1) / LANES
    if (isNear && w === out) boundGroup(out, length, work)
    else if (isNear) gatherGroup(w, stride, length, out, work)
    else gatherBundle(w, stride, length, groups, nearBundle, work)
    for (let group = 0; group < groups; group++) {
      const near = isNear ? out : nearBundle + <usize>group * rowsBytes
      const inGroup = min(LANES, present - group * LANES)
      replaceGroup(operation, near, sorted, stride, length, inGroup, group, work)
      sorted += groupBytes
    }
    if (!isNear) spreadBundle(nearBundle, length, present, out, stride)
    w += <usize>groups * groupBytes
    out += <usize>groups * groupBytes
    columns -= present
  }
}

/** Synchronized weights: `out[i] = sorted[rank(w)[i]]` in each column. The three matrices are laid out alike. */
export function syncColumns(
  w: usize,
  sorted: usize,
  out: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
  bundle: i32,
): void {
  replaceColumns(SYNC, w, sorted, out, stride, groupBytes, length, columns, work, bundle)
}

/** The weights at `w` become their ranks, as 32-bit integers. */
export function rankColumns(
  w: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
  bundle: i32,
): void {
  replaceColumns(RANK, w, 0, w, stride, groupBytes, length, columns, work, bundle)
}

/** The weights at `w` become sorted, every zero as +0. */
export function sortColumns(
  w: usize,
  stride: usize,
  groupBytes: usize,
  length: i32,
  columns: i32,
  work: usize,
  bundle: i32,
): void {
  replaceColumns(SORT, w, 0, w, stride, groupBytes, length, columns, work, bundle)
}
