/**
 * Copy groups of a matrix to adjacent rows of 16 bytes, and find the lowest and the highest weight of each column on the way.
 *
 * Rows of a matrix may be 2^k bytes apart and then compete for a few cache sets; adjacent rows do not. Four groups are copied together where
 * there is room, since their 16 columns are one cache line. No weight is NaN: `hasNaN` was called before.
 */

/** Notes on a bundle, at the beginning of the work space: 64 bytes for each group, which hold its bounds and scales. */
export const NOTES_BYTES: usize = 256

export function notesOf(work: usize, group: i32): usize {
  return work + ((<usize>group) << 6)
}

export function lowestOf(notes: usize): v128 {
  return v128.load(notes)
}

export function highestOf(notes: usize): v128 {
  return v128.load(notes, 16)
}

/** Slices per unit of weight: written by `scaleSlices`. */
export function scalesOf(notes: usize): v128 {
  return v128.load(notes, 32)
}

export function noteScales(notes: usize, scales: v128): void {
  v128.store(notes, scales, 32)
}

function noteBounds(notes: usize, lowest: v128, highest: v128): void {
  v128.store(notes, lowest)
  v128.store(notes, highest, 16)
}

/** Note the bounds of a group that is not copied. */
export function boundGroup(rows: usize, length: i32, notes: usize): void {
  let lowest = v128.load(rows)
  let highest = lowest
  const end = rows + ((<usize>length) << 4)
  for (const foursEnd = rows + ((<usize>(length & ~3)) << 4); rows < foursEnd; rows += 64) {
    const a = v128.load(rows)
    const b = v128.load(rows, 16)
    const c = v128.load(rows, 32)
    const d = v128.load(rows, 48)
    lowest = f32x4.pmin(lowest, f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)))
    highest = f32x4.pmax(highest, f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)))
  }
  for (; rows < end; rows += 16) {
    const weights = v128.load(rows)
    lowest = f32x4.pmin(lowest, weights)
    highest = f32x4.pmax(highest, weights)
  }
  noteBounds(notes, lowest, highest)
}

/** Copy a group to `near`, and note its bounds. */
export function gatherGroup(first: usize, stride: usize, length: i32, near: usize, notes: usize): void {
  let lowest = v128.load(first)
  let highest = lowest
  const end = near + ((<usize>length) << 4)
  for (let to = near; to < end; to += 16) {
    const weights = v128.load(first)
    v128.store(to, weights)
    lowest = f32x4.pmin(lowest, weights)
    highest = f32x4.pmax(highest, weights)
    first += stride
  }
  noteBounds(notes, lowest, highest)
}

/** As `gatherGroup` for two groups side by side, to twice the rows of a group, `rowsBytes` each. */
export function gatherTwo(
  first: usize,
  stride: usize,
  length: i32,
  near: usize,
  rowsBytes: usize,
  notes: usize,
): void {
  let lowest0 = v128.load(first)
  let lowest1 = v128.load(first, 16)
  let highest0 = lowest0
  let highest1 = lowest1
  const end = near + ((<usize>length) << 4)
  for (let to = near; to < end; to += 16) {
    const weights0 = v128.load(first)
    const weights1 = v128.load(first, 16)
    v128.store(to, weights0)
    v128.store(to + rowsBytes, weights1)
    lowest0 = f32x4.pmin(lowest0, weights0)
    highest0 = f32x4.pmax(highest0, weights0)
    lowest1 = f32x4.pmin(lowest1, weights1)
    highest1 = f32x4.pmax(highest1, weights1)
    first += stride
  }
  noteBounds(notes, lowest0, highest0)
  noteBounds(notesOf(notes, 1), lowest1, highest1)
}

/** As `gatherGroup` for four groups side by side, to four times the rows of a group, `rowsBytes` each. */
export function gatherFour(
  first: usize,
  stride: usize,
  length: i32,
  near: usize,
  rowsBytes: usize,
  notes: usize,
): void {
  let lowest0 = v128.load(first)
  let lowest1 = v128.load(first, 16)
  let lowest2 = v128.load(first, 32)
  let lowest3 = v128.load(first, 48)
  let highest0 = lowest0
  let highest1 = lowest1
  let highest2 = lowest2
  let highest3 = lowest3
  const to1 = rowsBytes
  const to2 = 2 * rowsBytes
  const to3 = 3 * rowsBytes
  const end = near + ((<usize>length) << 4)
  for (let to = near; to < end; to += 16) {
    const weights0 = v128.load(first)
    const weights1 = v128.load(first, 16)
    v128.store(to, weights0)
    v128.store(to + to1, weights1)
    lowest0 = f32x4.pmin(lowest0, weights0)
    highest0 = f32x4.pmax(highest0, weights0)
    lowest1 = f32x4.pmin(lowest1, weights1)
    highest1 = f32x4.pmax(highest1, weights1)
    const weights2 = v128.load(first, 32)
    const weights3 = v128.load(first, 48)
    v128.store(to + to2, weights2)
    v128.store(to + to3, weights3)
    lowest2 = f32x4.pmin(lowest2, weights2)
    highest2 = f32x4.pmax(highest2, weights2)
    lowest3 = f32x4.pmin(lowest3, weights3)
    highest3 = f32x4.pmax(highest3, weights3)
    first += stride
  }
  noteBounds(notes, lowest0, highest0)
  noteBounds(notesOf(notes, 1), lowest1, highest1)
  noteBounds(notesOf(notes, 2), lowest2, highest2)
  noteBounds(notesOf(notes, 3), lowest3, highest3)
}
