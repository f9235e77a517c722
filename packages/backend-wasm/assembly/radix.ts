/**
 * The floor under the slices: a radix sort over all 32 bits, whose time depends on no value.
 */
import { padded, RADIX } from './layout'
import { orderKey } from './slices'

/** Short vectors are sorted by four digits of 8 bits, long ones by three of 11. */
const MAX_NARROW_LENGTH: i32 = 1024

function exclusiveSums32(counters: usize, bytes: usize): void {
  let sum: u32 = 0
  for (let at = counters; at < counters + bytes; at += 4) {
    const count = load<u32>(at)
    store<u32>(at, sum)
    sum += count
  }
}

function pass(
  keys: usize,
  indices: usize,
  toKeys: usize,
  toIndices: usize,
  length: i32,
  shift: u32,
  mask: u32,
  positions: usize,
): void {
  for (let i = 0; i < length; i++) {
    const key = load<u32>(keys + ((<usize>i) << 2))
    const position = positions + ((<usize>((key >> shift) & mask)) << 2)
    const at = <usize>load<u32>(position)
    store<u32>(position, <u32>(at + 1))
    store<u32>(toKeys + (at << 2), key)
    store<u16>(toIndices + (at << 1), load<u16>(indices + ((<usize>i) << 1)))
  }
}

/**
 * Order a column; a pass in which all digits agree is skipped.
 *
 * @param entries receives the indices as 32-bit entries; also used on the way.
 * @param spare a column of 32-bit numbers.
 * @param keys another one.
 */
export function radixOrder(
  column: usize,
  stride: usize,
  length: i32,
  entries: usize,
  spare: usize,
  keys: usize,
): void {
  const digitBits: u32 = length <= MAX_NARROW_LENGTH ? 8 : 11
  const digits: u32 = length <= MAX_NARROW_LENGTH ? 4 : 3
  const mask: u32 = (1 << digitBits) - 1
  const counterBytes = (<usize>4) << digitBits
  memory.fill(RADIX, 0, counterBytes * digits)
  let fromIndices = entries
  let toIndices = entries + ((<usize>padded(length)) << 1)
  let fromKeys = spare
  let toKeys = keys
  for (let i = 0; i < length; i++) {
    const key = orderKey(load<u32>(column + <usize>i * stride))
    store<u32>(fromKeys + ((<usize>i) << 2), key)
    store<u16>(fromIndices + ((<usize>i) << 1), <u16>i)
    for (let digit: u32 = 0; digit < digits; digit++) {
      const counter = RADIX + digit * counterBytes + ((<usize>((key >> (digit * digitBits)) & mask)) << 2)
      store<u32>(counter, load<u32>(counter) + 1)
    }
  }
  for (let digit: u32 = 0; digit < digits; digit++) {
    const positions = RADIX + digit * counterBytes
    const shift = digit * digitBits
    const first = (load<u32>(fromKeys) >> shift) & mask
    if (load<u32>(positions + ((<usize>first) << 2)) === <u32>length) continue
    exclusiveSums32(positions, counterBytes)
    pass(fromKeys, fromIndices, toKeys, toIndices, length, shift, mask, positions)
    const k = fromKeys
    fromKeys = toKeys
    toKeys = k
    const t = fromIndices
    fromIndices = toIndices
    toIndices = t
  }
  // The keys are not needed any more: widen the indices through their memory.
  for (let i = 0; i < length; i++) {
    store<u32>(spare + ((<usize>i) << 2), <u32>load<u16>(fromIndices + ((<usize>i) << 1)))
  }
  memory.copy(entries, spare, (<usize>length) << 2)
}
