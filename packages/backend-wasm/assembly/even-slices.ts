/**
 * An estimate, from a sample of the weights, of how many share a slice: where many do, slices give no order and are not sorted at all.
 */
import { MAGIC } from './slice-runs'
import { lowestOf, scalesOf } from './weight-bounds'

/**
 * Rows from one sampled pair to the next. The step is odd and the rows of a pair are one or two apart, so that weights which repeat every few
 * rows are found too.
 */
function stepOf(length: i32): i32 {
  return length < 128 ? 5 : 9
}

/**
 * Sampled pairs of a column that may share a slice. With more of them the column is taken for uneven.
 *
 * A column that uses up the budget of `insertNeighbours` has such a pair with probability 1/2. Long vectors have fewer slices per weight, so more
 * pairs are allowed: of columns with normally distributed weights less than one in a thousand is then taken for uneven.
 */
function sharedPairsAllowed(length: i32): i32 {
  return min(1, length >> 12) + (length >> 14)
}

/**
 * Sample one pair of weights every nine rows, every five in short vectors, and count pairs of different weights that share a slice.
 *
 * @param near the group's weights.
 * @param notes on the group, with the map to slices.
 * @returns lanes whose shared slices are likely to take insertion more than its budget, one bit each.
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
