/**
 * Whether many weights share a slice: foreseen from a few, before entries are written and sorted in vain.
 */
import { MAGIC } from './slice-runs'
import { lowestOf, scalesOf } from './weight-bounds'

/** Rows from one pair to the next. Odd, and the rows of a pair are one or two apart, so that no simple pattern of rows hides from all pairs. */
function stepOf(length: i32): i32 {
  return length < 128 ? 5 : 9
}

/**
 * Pairs that may share a slice without a sign that all too many do.
 *
 * Where insertion is at its limit, every other column has one such pair. There are fewer slices a weight where vectors are long: with this, of
 * normal weights not one column in a thousand is taken for uneven.
 */
function sharedPairsAllowed(length: i32): i32 {
  return min(1, length >> 12) + (length >> 14)
}

/**
 * Look at one pair of weights in nine rows, in five of short vectors: weights that differ and share a slice are a sign that many do.
 *
 * @param near the group's weights.
 * @param notes on the group, with the map to slices.
 * @returns lanes in which more share a slice than insertion is likely to put in order within its budget, one bit each.
 */
export function unevenLanes(near: usize, length: i32, notes: usize): i32 {
  const lowest = lowestOf(notes)
  const scales = scalesOf(notes)
  const magic = f32x4.splat(MAGIC)
  let shared = i32x4.splat(0)
  const step = stepOf(length)
  let pair = 0
  for (let row = 0; row + 2 < length; row += step) {
    const at = near + ((<usize>row) << 4)
    const a = v128.load(at)
    const b = v128.load(at + ((<usize>(1 + ((pair >> 1) & 1))) << 4))
    const sliceA = f32x4.add(f32x4.mul(f32x4.sub(a, lowest), scales), magic)
    const sliceB = f32x4.add(f32x4.mul(f32x4.sub(b, lowest), scales), magic)
    shared = i32x4.sub(shared, v128.andnot(i32x4.eq(sliceA, sliceB), f32x4.eq(a, b)))
    pair++
  }
  return i32x4.bitmask(i32x4.gt_s(shared, i32x4.splat(sharedPairsAllowed(length))))
}
