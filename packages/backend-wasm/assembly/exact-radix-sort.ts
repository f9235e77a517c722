/**
 * Radix sort by two digits of the float32 bits, the low digit first: the order of weights that slices of equal width do not tell apart.
 *
 * An entry has at least 16 bits besides the index, so two digits hold all 32 bits. The time does not depend on the values.
 */
import { indexBitsOf, paddedRows, padEntries } from './layout'
import { sortRows } from './sort-rows'

/** Float32 bits of four weights as unsigned integers in the same order; -0 has the key of +0. */
function orderKeys(weights: v128): v128 {
  const bits = f32x4.add(weights, f32x4.splat(0))
  return v128.xor(bits, v128.or(i32x4.shr_s(bits, 31), i32x4.splat(0x80000000)))
}

/** Replace the weights of a group by their keys. */
function writeKeys(near: usize, length: i32): void {
  const end = near + ((<usize>length) << 4)
  for (let at = near; at < end; at += 16) v128.store(at, orderKeys(v128.load(at)))
}

/** Replace the keys of a group by their weights; a zero becomes +0. */
function writeWeights(near: usize, length: i32): void {
  const end = near + ((<usize>length) << 4)
  for (let at = near; at < end; at += 16) {
    const keys = v128.load(at)
    const isNegative = i32x4.ge_s(keys, i32x4.splat(0))
    v128.store(at, v128.xor(keys, v128.or(isNegative, i32x4.splat(0x80000000))))
  }
}

/** Write entries of the low digit and the row; the shift drops the bits of the high digit. */
function writeLowDigits(keys: usize, length: i32, indexBits: i32, entries: usize): void {
  for (let i = 0; i < length; i++) {
    const row = (<usize>i) << 4
    v128.store(entries + row, v128.or(i32x4.shl(v128.load(keys + row), indexBits), i32x4.splat(i)))
  }
  padEntries(entries, length)
}

/** Write entries of the high digit and the place in the order by low digits. */
function writeHighDigits(keys: usize, byLow: usize, length: i32, indexBits: i32, entries: usize): void {
  const lowBits = 32 - indexBits
  const mask: u32 = (1 << indexBits) - 1
  for (let p = 0; p < length; p++) {
    const row = (<usize>p) << 4
    for (let lane: usize = 0; lane < 16; lane += 4) {
      const index = <usize>(load<u32>(byLow + row + lane) & mask)
      const digit = load<u32>(keys + (index << 4) + lane) >> lowBits
      store<u32>(entries + row + lane, (digit << indexBits) | p)
    }
  }
  padEntries(entries, length)
}

/**
 * Order a group exactly.
 *
 * @param near the group's weights; a -0 becomes +0.
 * @param entries receives for each rank an entry whose index bits are the weight's index; its other bits are arbitrary.
 * @param scratch room for as many rows.
 */
export function radixSort(near: usize, length: i32, entries: usize, scratch: usize): void {
  const indexBits = indexBitsOf(length)
  const rows = paddedRows(length)
  writeKeys(near, length)
  writeLowDigits(near, length, indexBits, scratch)
  sortRows(scratch, rows)
  writeHighDigits(near, scratch, length, indexBits, entries)
  sortRows(entries, rows)
  writeWeights(near, length)
  const mask: u32 = (1 << indexBits) - 1
  const end = entries + ((<usize>length) << 4)
  for (let at = entries; at < end; at += 16) {
    for (let lane: usize = 0; lane < 16; lane += 4) {
      const place = <usize>(load<u32>(at + lane) & mask)
      store<u32>(at + lane, load<u32>(scratch + (place << 4) + lane))
    }
  }
}
