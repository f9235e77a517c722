/**
 * A stable insertion sort of the weights that share a slice.
 */

function weightOf(entry: u32, mask: u32, column: usize): f32 {
  return load<f32>(column + ((<usize>(entry & mask)) << 4))
}

/** Move the entry at `at`, whose weight is `value`, before all entries of larger weights; returns how many places it moved. */
function insert(first: usize, at: usize, value: f32, column: usize, mask: u32): i32 {
  const entry = load<u32>(at)
  let to = at
  do {
    store<u32>(to, load<u32>(to - 16))
    to -= 16
  } while (to > first && weightOf(load<u32>(to - 16), mask, column) > value)
  store<u32>(to, entry)
  return <i32>((at - to) >> 4)
}

/** Insert the entries of a column from `at` up to `end`; returns how many places they moved in all. */
function insertAll(first: usize, at: usize, end: usize, column: usize, mask: u32): i32 {
  let moved = 0
  let highest = weightOf(load<u32>(at - 16), mask, column)
  for (; at < end; at += 16) {
    const value = weightOf(load<u32>(at), mask, column)
    if (highest > value) moved += insert(first, at, value, column, mask)
    else highest = value
  }
  return moved
}

/**
 * Lanes in which one of the four entries from `at` on shares its slice with the one before it, one bit each.
 *
 * Rows behind the last one are read too. They hold padding or unrelated data, so a bit may be set without need.
 */
function lanesThatShare(at: usize, indexBits: i32): i32 {
  const before = v128.load(at - 16)
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const zero = i32x4.splat(0)
  const sharedA = i32x4.eq(i32x4.shr_u(v128.xor(a, before), indexBits), zero)
  const sharedB = i32x4.eq(i32x4.shr_u(v128.xor(b, a), indexBits), zero)
  const sharedC = i32x4.eq(i32x4.shr_u(v128.xor(c, b), indexBits), zero)
  const sharedD = i32x4.eq(i32x4.shr_u(v128.xor(d, c), indexBits), zero)
  return i32x4.bitmask(v128.or(v128.or(sharedA, sharedB), v128.or(sharedC, sharedD)))
}

/** The weights of a row of entries. */
function weightsOf(row: usize, mask: u32, near: usize): v128 {
  const first = v128.load32_zero(near + ((<usize>(load<u32>(row) & mask)) << 4))
  const two = v128.load32_lane(near + ((<usize>(load<u32>(row, 4) & mask)) << 4), first, 1, 4)
  const three = v128.load32_lane(near + ((<usize>(load<u32>(row, 8) & mask)) << 4), two, 2, 8)
  return v128.load32_lane(near + ((<usize>(load<u32>(row, 12) & mask)) << 4), three, 3, 12)
}

/** Lanes in which a weight of the rows from `at` up to `end` is smaller than the one before it, one bit each. */
function lanesOutOfOrder(at: usize, end: usize, mask: u32, near: usize): i32 {
  let descending = i32x4.splat(0)
  let before = weightsOf(at - 16, mask, near)
  for (; at < end; at += 16) {
    const weights = weightsOf(at, mask, near)
    descending = v128.or(descending, f32x4.gt(before, weights))
    before = weights
  }
  return i32x4.bitmask(descending)
}

/** Rows that are checked together. */
const STRETCH: usize = 4 * 16

/**
 * Put the entries of all shared slices of a group in order.
 *
 * An insertion never moves an entry out of its slice, so bits that were found for later rows stay valid.
 *
 * @param entries sorted rows; up to three behind the padded ones may be read.
 * @param near the group's weights.
 * @param lanes columns to put in order, one bit each.
 * @param budget how many places the entries of a column may move in all.
 * @returns whether the budget was enough; if not, entries are not in order.
 */
export function insertNeighbours(
  entries: usize,
  length: i32,
  indexBits: i32,
  near: usize,
  lanes: i32,
  budget: i32,
): bool {
  const mask: u32 = (1 << indexBits) - 1
  const end = entries + ((<usize>length) << 4)
  let left0 = budget
  let left1 = budget
  let left2 = budget
  let left3 = budget
  for (let at = entries + 16; at < end; at += STRETCH) {
    let outOfOrder = lanesThatShare(at, indexBits) & lanes
    if (outOfOrder === 0) continue
    const stop = min(at + STRETCH, end)
    // Equal weights share a slice and are in order already: lanes without other pairs are skipped.
    outOfOrder &= lanesOutOfOrder(at, stop, mask, near)
    if (outOfOrder === 0) continue
    if (outOfOrder & 1) left0 -= insertAll(entries, at, stop, near, mask)
    if (outOfOrder & 2) left1 -= insertAll(entries + 4, at + 4, stop, near + 4, mask)
    if (outOfOrder & 4) left2 -= insertAll(entries + 8, at + 8, stop, near + 8, mask)
    if (outOfOrder & 8) left3 -= insertAll(entries + 12, at + 12, stop, near + 12, mask)
    if ((left0 | left1 | left2 | left3) < 0) return false
  }
  return true
}
