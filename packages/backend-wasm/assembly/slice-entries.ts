/**
 * Slices of equal width: the monotone map from the weights of a column to small integers that entries are sorted by.
 *
 * The map keeps the order of any two weights that it tells apart; `settle` looks after the others. There are 2^16 slices or more, and at
 * least four times as many as weights, so that few weights of a network share one.
 */
import { indexBitsOf, padEntries } from './layout'
import { highestOf, lowestOf, noteScales, scalesOf } from './weight-bounds'

/** Adding 2^23 to a float32 in [0, 2^22] leaves the number, rounded, in its low bits. Rounding never swaps two weights. */
const MAGIC: f32 = 8388608
const FRACTION: i32 = 0x7fffff

function sliceBitsOf(length: i32): i32 {
  return min(22, 32 - indexBitsOf(length))
}

/**
 * Prepare the map of four columns from their bounds.
 *
 * @returns lanes that the map suits, one bit each: not those whose range is beyond float32, or so small that its inverse is.
 */
export function scaleSlices(length: i32, notes: usize): i32 {
  const range = f32x4.sub(highestOf(notes), lowestOf(notes))
  // Rounding up must not lead beyond the bits of a slice.
  const scale = f32x4.div(f32x4.splat(<f32>((1 << sliceBitsOf(length)) - 4)), range)
  // Equal weights share slice 0 and keep the order of their indices.
  const constant = f32x4.eq(range, f32x4.splat(0))
  const finite = v128.and(f32x4.lt(range, f32x4.splat(Infinity)), f32x4.lt(scale, f32x4.splat(Infinity)))
  noteScales(notes, v128.andnot(scale, constant))
  return i32x4.bitmask(v128.or(finite, constant))
}

/**
 * Write the entries of a group, in the order of indices, and padding behind them.
 *
 * On the way neighbours are looked at: weights that differ and share a slice are a sign that many do.
 *
 * @returns i32x4: how many such pairs each column has.
 */
export function writeSliceEntries(near: usize, length: i32, notes: usize, entries: usize): v128 {
  const indexBits = indexBitsOf(length)
  const lowest = lowestOf(notes)
  const scales = scalesOf(notes)
  const magic = f32x4.splat(MAGIC)
  const fraction = i32x4.splat(FRACTION)
  const one = i32x4.splat(1)
  let index = i32x4.splat(0)
  let shared = i32x4.splat(0)
  let weightsBefore = v128.load(near)
  let slicesBefore = index
  const end = entries + ((<usize>length) << 4)
  for (let to = entries; to < end; to += 16) {
    const weights = v128.load(near)
    const slices = f32x4.add(f32x4.mul(f32x4.sub(weights, lowest), scales), magic)
    shared = i32x4.sub(shared, v128.andnot(i32x4.eq(slices, slicesBefore), f32x4.eq(weights, weightsBefore)))
    v128.store(to, v128.or(i32x4.shl(v128.and(slices, fraction), indexBits), index))
    index = i32x4.add(index, one)
    weightsBefore = weights
    slicesBefore = slices
    near += 16
  }
  padEntries(entries, length)
  return shared
}
