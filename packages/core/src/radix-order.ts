/**
 * The order of one weight vector by radix sort: the same few passes whatever the values are.
 *
 * This is the floor under the sort by slices: used when values are so unevenly spread that slices do not separate them.
 */
import { orderKey } from './order-keys.ts'
import type { SyncScratch } from './sync-scratch.ts'

/** Short vectors are sorted by four digits of 8 bits, long ones by three of 11: their counters are not worth it before. */
const MAX_NARROW_LENGTH = 1024

const exclusiveSums = (counts: Int32Array, buckets: number): void => {
  let sum = 0
  for (let b = 0; b < buckets; b++) {
    const c = counts[b]
    counts[b] = sum
    sum += c
  }
}

const pass = (
  keys: Uint32Array,
  order: Int32Array,
  keysOut: Uint32Array,
  orderOut: Int32Array,
  length: number,
  shift: number,
  mask: number,
  positions: Int32Array,
): void => {
  for (let i = 0; i < length; i++) {
    const key = keys[i]
    const digit = (key >>> shift) & mask
    const to = positions[digit]
    positions[digit] = to + 1
    keysOut[to] = key
    orderOut[to] = order[i]
  }
}

/**
 * Stable least-significant-digit radix sort of a column of `scratch.columns` by its order keys; writes indices to `order`.
 *
 * A pass in which all digits agree is skipped. About 25 ns a weight, whatever the values.
 *
 * @param base where the column starts.
 */
export const radixOrder = (base: number, length: number, order: Int32Array, scratch: SyncScratch): void => {
  const { rankColumns: bits, counts, orderSpare, keys, keysSpare } = scratch
  const digitBits = length <= MAX_NARROW_LENGTH ? 8 : 11
  const buckets = 1 << digitBits
  const mask = buckets - 1
  for (let i = 0; i < length; i++) {
    keys[i] = orderKey(bits[base + i])
    order[i] = i
  }
  let fromKeys = keys
  let toKeys = keysSpare
  let from = order
  let to = orderSpare
  for (let shift = 0; shift < 32; shift += digitBits) {
    counts.fill(0, 0, buckets)
    for (let i = 0; i < length; i++) counts[(fromKeys[i] >>> shift) & mask]++
    if (counts[(fromKeys[0] >>> shift) & mask] === length) continue
    exclusiveSums(counts, buckets)
    pass(fromKeys, from, toKeys, to, length, shift, mask, counts)
    const k = fromKeys
    fromKeys = toKeys
    toKeys = k
    const o = from
    from = to
    to = o
  }
  if (from !== order) for (let r = 0; r < length; r++) order[r] = from[r]
}
