/**
 * Cut four columns into slices: the monotone map from weights to small integers that the counting passes sort by.
 *
 * Slices of equal width suit weights of a network. Slices of equal width in the order of float32 bits, about the logarithm, suit
 * weights of very different magnitudes, and infinities.
 */
import { padded } from './layout'

/** Adding 2^23 to a float32 in [0, 2^22] leaves the number, rounded, in its low bits. Rounding never swaps two weights. */
const MAGIC: f32 = 8388608

/** Lowest and highest weight of each of four columns, as f32x4 at `bounds` and `bounds + 16`. */
export function findBounds(block: usize, stride: usize, length: i32, bounds: usize): void {
  let low = v128.load(block)
  let high = low
  const end = block + <usize>length * stride
  for (let row = block; row < end; row += stride) {
    const weights = v128.load(row)
    low = f32x4.pmin(low, weights)
    high = f32x4.pmax(high, weights)
  }
  v128.store(bounds, low)
  v128.store(bounds, high, 16)
}

/**
 * Write entries `slice << indexBits | index` of four columns, each column contiguous.
 *
 * Rows are read four at a time and turned; the last round may read rows behind the block and write entries behind the columns'
 * ends, where padding is.
 *
 * @param low f32x4: lowest weight of each column.
 * @param scales f32x4: slices per unit of weight in each column.
 */
export function writeEntries(
  block: usize,
  stride: usize,
  length: i32,
  low: v128,
  scales: v128,
  indexBits: i32,
  entries: usize,
): void {
  const pitch = (<usize>padded(length)) << 2
  const magic = f32x4.splat(MAGIC)
  const fraction = i32x4.splat(0x7fffff)
  let index = i32x4.splat(0)
  const one = i32x4.splat(1)
  let row = block
  let to = entries
  for (let i = 0; i < length; i += 4) {
    const s0 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(row), low), scales), magic)
    const s1 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(row + stride), low), scales), magic)
    const s2 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(row + 2 * stride), low), scales), magic)
    const s3 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(row + 3 * stride), low), scales), magic)
    const e0 = v128.or(i32x4.shl(v128.and(s0, fraction), indexBits), index)
    index = i32x4.add(index, one)
    const e1 = v128.or(i32x4.shl(v128.and(s1, fraction), indexBits), index)
    index = i32x4.add(index, one)
    const e2 = v128.or(i32x4.shl(v128.and(s2, fraction), indexBits), index)
    index = i32x4.add(index, one)
    const e3 = v128.or(i32x4.shl(v128.and(s3, fraction), indexBits), index)
    index = i32x4.add(index, one)
    const low01 = i32x4.shuffle(e0, e1, 0, 4, 1, 5)
    const low23 = i32x4.shuffle(e2, e3, 0, 4, 1, 5)
    const high01 = i32x4.shuffle(e0, e1, 2, 6, 3, 7)
    const high23 = i32x4.shuffle(e2, e3, 2, 6, 3, 7)
    v128.store(to, i32x4.shuffle(low01, low23, 0, 1, 4, 5))
    v128.store(to + pitch, i32x4.shuffle(low01, low23, 2, 3, 6, 7))
    v128.store(to + 2 * pitch, i32x4.shuffle(high01, high23, 0, 1, 4, 5))
    v128.store(to + 3 * pitch, i32x4.shuffle(high01, high23, 2, 3, 6, 7))
    row += 4 * stride
    to += 16
  }
}

/** Float32 bits as an unsigned integer in the same order; -0 has the key of +0. */
export function orderKey(bits: u32): u32 {
  if (bits === 0x80000000) return 0x80000000
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)
}

/**
 * Write entries of one column, slices in the order of bits.
 *
 * @param low lowest weight of the column.
 * @param high highest weight, larger than `low`.
 * @param sliceBits slice numbers have at most this many bits.
 */
export function writeBitEntries(
  column: usize,
  stride: usize,
  length: i32,
  low: f32,
  high: f32,
  sliceBits: i32,
  indexBits: i32,
  entries: usize,
): void {
  const lowKey = orderKey(reinterpret<u32>(low))
  const shift = max(0, 32 - clz<i32>(orderKey(reinterpret<u32>(high)) - lowKey) - sliceBits)
  let at = column
  for (let i = 0; i < length; i++) {
    const slice = (orderKey(load<u32>(at)) - lowKey) >> shift
    store<u32>(entries + ((<usize>i) << 2), (slice << indexBits) | i)
    at += stride
  }
}
