/**
 * The order of the columns of a block: slices, counting passes, and a comparison where weights share a slice.
 */
import { clearCounters, countDigits, exclusiveSums, highPass, lowPass } from './counting-pass'
import { BOUNDS, HIGH, LANES, LOW, padded } from './layout'
import { radixOrder } from './radix'
import { settle } from './settle'
import { findBounds, writeBitEntries, writeEntries } from './slices'

/** Positions of the counting passes are 16 bits of bytes. */
const MAX_SLICED_LENGTH: i32 = 16384
/** Places a weight that settling may move over before the radix sort takes over. */
const PLACES_A_WEIGHT: i32 = 2

/** Bits of the low digit: few counters for short vectors, few shared slices for long ones; measured. */
function lowDigitBits(length: i32): i32 {
  return length < 256 ? 7 : length < 2048 ? 8 : 9
}

/** Bits of the high digit: as the low one, or what is left of 32 beside an index. */
function highDigitBits(length: i32, indexBits: i32): i32 {
  return length < 256 ? 7 : length < 2048 ? 8 : min(10, 32 - indexBits - 9)
}

/** Press sorted entries to 16-bit indices. `to` may be where `entries` is, or before it. */
function writeOrder(entries: usize, length: i32, indexBits: i32, to: usize): void {
  const mask = i32x4.splat((1 << indexBits) - 1)
  let at = entries
  const end = to + ((<usize>padded(length)) << 1)
  for (let target = to; target < end; target += 16) {
    const a = v128.and(v128.load(at), mask)
    const b = v128.and(v128.load(at, 16), mask)
    v128.store(target, i16x8.narrow_i32x4_u(a, b))
    at += 32
  }
}

function writeIdentity(length: i32, to: usize): void {
  for (let i = 0; i < length; i++) store<u16>(to + ((<usize>i) << 1), <u16>i)
}

/** Sort the entries of a column by slice. */
function sortBySlice(entries: usize, spare: usize, length: i32, indexBits: i32): void {
  const lowBits = lowDigitBits(length)
  const highBits = highDigitBits(length, indexBits)
  clearCounters(LOW, 1 << lowBits)
  clearCounters(HIGH, 1 << highBits)
  countDigits(entries, length, indexBits, lowBits)
  exclusiveSums(LOW, 1 << lowBits)
  exclusiveSums(HIGH, 1 << highBits)
  lowPass(entries, spare, length, indexBits, lowBits)
  highPass(spare, entries, length, indexBits + lowBits)
}

/** Sort a column's entries by slice and settle shared slices; false when too many weights share one. */
function orderBySlices(
  column: usize,
  stride: usize,
  length: i32,
  indexBits: i32,
  entries: usize,
  spare: usize,
  order: usize,
): bool {
  sortBySlice(entries, spare, length, indexBits)
  if (!settle(entries, length, indexBits, column, stride, PLACES_A_WEIGHT * length)) return false
  writeOrder(entries, length, indexBits, order)
  return true
}

/**
 * Order up to four columns: by slices of equal width; where these do not separate weights, by slices of bits; where these do not
 * either, by a radix sort.
 *
 * @param work where the orders go; entries, spare and keys follow: 24 bytes a weight of a column in all.
 */
function orderGroup(block: usize, stride: usize, length: i32, columns: i32, work: usize): void {
  const pitch = (<usize>padded(length)) << 2
  const spare = work + 4 * pitch
  const indexBits: i32 = length < 2 ? 1 : 32 - clz(length - 1)
  const sliceBits = lowDigitBits(length) + highDigitBits(length, indexBits)
  const sliced = length <= MAX_SLICED_LENGTH

  findBounds(block, stride, length, BOUNDS)
  const low = v128.load(BOUNDS)
  const ranges = f32x4.sub(v128.load(BOUNDS, 16), low)
  const scales = f32x4.div(f32x4.splat(<f32>((1 << sliceBits) - 1)), ranges)
  v128.store(BOUNDS, ranges, 32)
  v128.store(BOUNDS, scales, 48)
  if (sliced) writeEntries(block, stride, length, low, scales, indexBits, work)

  for (let k = 0; k < columns; k++) {
    const lane = (<usize>k) << 2
    const column = block + lane
    const entries = work + <usize>k * pitch
    const order = work + <usize>k * (pitch >> 1)
    const range = load<f32>(BOUNDS + lane, 32)
    if (range === 0) {
      writeIdentity(length, order)
      continue
    }
    if (sliced) {
      // A range beyond float32, or so small that its inverse is, has no slices of equal width.
      const even = range < Infinity && load<f32>(BOUNDS + lane, 48) < Infinity
      if (even && orderBySlices(column, stride, length, indexBits, entries, spare, order)) continue
      const highest = load<f32>(BOUNDS + lane, 16)
      writeBitEntries(
        column,
        stride,
        length,
        load<f32>(BOUNDS + lane),
        highest,
        sliceBits,
        indexBits,
        entries,
      )
      if (orderBySlices(column, stride, length, indexBits, entries, spare, order)) continue
    }
    radixOrder(column, stride, length, entries, spare, spare + pitch)
    writeOrder(entries, length, 16, order)
  }
}

/**
 * Order the columns of a block. Afterwards the orders stand at `work`, one after the other, `padded(length)` 16-bit indices each.
 *
 * @param block rows of `stride` bytes; readable for `padded(length)` rows and 12 bytes more.
 * @param length at most 65535.
 * @param work 8 bytes a weight and group of four columns, and 16 bytes a weight beyond: see layout.ts.
 */
export function orderColumns(block: usize, stride: usize, length: i32, columns: i32, work: usize): void {
  const groupBytes = (<usize>padded(length)) << 3
  for (let first = 0; first < columns; first += LANES) {
    orderGroup(
      block + ((<usize>first) << 2),
      stride,
      length,
      min(LANES, columns - first),
      work + <usize>(first >> 2) * groupBytes,
    )
  }
}
