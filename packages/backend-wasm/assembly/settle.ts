/**
 * Weights that share a slice are put in order by comparing them: insertion, stable.
 */

function weight(column: usize, stride: usize, entry: u32, mask: u32): f32 {
  return load<f32>(column + <usize>(entry & mask) * stride)
}

/** Move the entry at `at`, whose weight is `value`, back before all larger ones; gives the places it moved. */
function insert(entries: usize, at: usize, value: f32, column: usize, stride: usize, mask: u32): i32 {
  const entry = load<u32>(at)
  let to = at
  do {
    store<u32>(to, load<u32>(to - 4))
    to -= 4
  } while (to > entries && weight(column, stride, load<u32>(to - 4), mask) > value)
  store<u32>(to, entry)
  return <i32>((at - to) >> 2)
}

/** Insert the entries from `at` up to `end` where they belong; gives the places they moved. */
function insertAll(entries: usize, at: usize, end: usize, column: usize, stride: usize, mask: u32): i32 {
  let moved = 0
  let highest = weight(column, stride, load<u32>(at - 4), mask)
  for (; at < end; at += 4) {
    const value = weight(column, stride, load<u32>(at), mask)
    if (highest > value) moved += insert(entries, at, value, column, stride, mask)
    else highest = value
  }
  return moved
}

/**
 * Settle all shared slices of a column.
 *
 * Four neighbours at a time are looked at; an insertion never moves an entry out of its slice, so a look ahead stays true.
 *
 * @param column address of the column's first weight; rows are `stride` bytes apart.
 * @param budget how many places may be moved over in all.
 * @returns false when the budget is spent: the column must be sorted in another way.
 */
export function settle(
  entries: usize,
  length: i32,
  indexBits: i32,
  column: usize,
  stride: usize,
  budget: i32,
): bool {
  const mask: u32 = (1 << indexBits) - 1
  const slice = i32x4.splat(1 << indexBits)
  const end = entries + ((<usize>length) << 2)
  let at = entries + 4
  let left = budget
  for (; at + 16 <= end; at += 16) {
    const differing = v128.xor(v128.load(at), v128.load(at - 4))
    if (v128.any_true(i32x4.lt_u(differing, slice))) {
      left -= insertAll(entries, at, at + 16, column, stride, mask)
      if (left < 0) return false
    }
  }
  return left >= insertAll(entries, at, end, column, stride, mask)
}
