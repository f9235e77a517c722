/**
 * Slices of equal width: a monotone map from the weights of a column to the small integers that entries are sorted by.
 *
 * Weights in different slices are in the order of their slices; `insertNeighbours` orders those that share one. There are at least 2^16 slices,
 * so few weights of a network share one.
 */
import { sortEights } from './eight-rows'
import { indexBitsOf, padEntries } from './layout'
import { MAGIC, writeEights } from './slice-runs'
import { highestOf, lowestOf, noteScales, scalesOf } from './weight-bounds'

function sliceBitsOf(length: i32): i32 {
  return min(22, 32 - indexBitsOf(length))
}

/**
 * Prepare the map of four columns from their bounds.
 *
 * @returns lanes that the map suits, one bit each: those whose range, and the inverse of it, are finite in float32.
 */
export function scaleSlices(length: i32, notes: usize): i32 {
  const range = f32x4.sub(highestOf(notes), lowestOf(notes))
  // The largest weight, rounded up, must still fit the bits of a slice.
  const scale = f32x4.div(f32x4.splat(<f32>((1 << sliceBitsOf(length)) - 4)), range)
  // Equal weights share slice 0 and keep the order of their indices.
  const constant = f32x4.eq(range, f32x4.splat(0))
  const finite = v128.and(f32x4.lt(range, f32x4.splat(Infinity)), f32x4.lt(scale, f32x4.splat(Infinity)))
  noteScales(notes, v128.andnot(scale, constant))
  return i32x4.bitmask(v128.or(finite, constant))
}

/** Write the entries of the last rows of a group, fewer than eight, and padding behind them. */
function writeRest(near: usize, first: i32, length: i32, indexBits: i32, notes: usize, entries: usize): void {
  const lowest = lowestOf(notes)
  const scales = scalesOf(notes)
  const magic = f32x4.splat(MAGIC)
  for (let index = first; index < length; index++) {
    const row = (<usize>index) << 4
    const slices = f32x4.add(f32x4.mul(f32x4.sub(v128.load(near + row), lowest), scales), magic)
    v128.store(entries + row, v128.or(i32x4.shl(slices, indexBits), i32x4.splat(index)))
  }
  padEntries(entries, length)
  const from = entries + ((<usize>first) << 4)
  sortEights(from, from + 128)
}

/** Write the entries of a group as sorted runs of eight. */
export function writeSliceEntries(near: usize, length: i32, notes: usize, entries: usize): void {
  const indexBits = indexBitsOf(length)
  const whole = length & ~7
  writeEights(near, whole, indexBits, notes, entries)
  if (whole < length) writeRest(near, whole, length, indexBits, notes, entries)
}
