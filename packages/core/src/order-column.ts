/**
 * The order of one weight vector: which weight is smallest, which comes next, with ties by index.
 *
 * Weights are cut into equal slices of their range (the map is monotone, so slices never swap two weights), sorted by slice with
 * one or two counting passes, and weights that share a slice are then compared. Weights of a network are spread evenly enough
 * that few share one; when many do, the radix sort takes over, so that no input is slow. The paper remarks that a bucket sort
 * suits weights (Section 4 of arXiv:2003.02570).
 */
import { radixOrder } from './radix-order.ts'
import type { SyncScratch } from './sync-scratch.ts'

/** Beyond this length a slice number and an index no longer fit 32 bits with slices to spare. */
const MAX_SLICED_LENGTH = 65536
/** Up to this length one counting pass over a few slices a weight is fastest; measured. */
const MAX_ONE_PASS_LENGTH = 80
/** Places a weight that may be moved over before the radix sort takes over. */
const SHIFTS_A_WEIGHT = 2
/** Moving over so many places is never worth a radix sort: all that a vector of 64 weights could need. */
const MIN_SHIFTS = 2048

/** Bits that an index into a vector of this length needs: entry `r` of `scratch.order` holds it in its low bits. */
export const indexBits = (length: number): number => (length <= 1 ? 1 : 32 - Math.clz32(length - 1))

/** Turn counts into starting positions. */
const exclusiveSums = (counts: Int32Array, buckets: number): void => {
  let sum = 0
  for (let b = 0; b < buckets; b++) {
    const c = counts[b]
    counts[b] = sum
    sum += c
  }
}

const clear = (counts: Int32Array, buckets: number): void => {
  // `fill` is a call into the runtime: dear for 32 counters, cheap for 512.
  if (buckets > 64) counts.fill(0, 0, buckets)
  else for (let b = 0; b < buckets; b++) counts[b] = 0
}

/**
 * Move entries to the positions of their digits, stable. Four a round: V8 spends as long on the loop as on an entry.
 */
const countingPass = (
  from: Int32Array,
  to: Int32Array,
  length: number,
  shift: number,
  mask: number,
  positions: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = from[i]
    const entry1 = from[i + 1]
    const entry2 = from[i + 2]
    const entry3 = from[i + 3]
    to[positions[(entry0 >>> shift) & mask]++] = entry0
    to[positions[(entry1 >>> shift) & mask]++] = entry1
    to[positions[(entry2 >>> shift) & mask]++] = entry2
    to[positions[(entry3 >>> shift) & mask]++] = entry3
  }
  for (; i < length; i++) {
    const entry = from[i]
    to[positions[(entry >>> shift) & mask]++] = entry
  }
}

/** One counting pass over `2^sliceBits` slices. An entry is a slice number above an index. */
const orderByOnePass = (
  base: number,
  length: number,
  low: number,
  range: number,
  shift: number,
  sliceBits: number,
  scratch: SyncScratch,
): void => {
  const { columns, order, orderSpare, counts } = scratch
  const buckets = 1 << sliceBits
  const scale = (buckets - 1) / range
  clear(counts, buckets)
  for (let i = 0; i < length; i++) {
    const slice = ((columns[base + i] - low) * scale) | 0
    orderSpare[i] = (slice << shift) | i
    counts[slice]++
  }
  exclusiveSums(counts, buckets)
  countingPass(orderSpare, order, length, shift, buckets - 1, counts)
}

/** Two counting passes, low digit first, over `2^(lowBits + highBits)` slices. */
const orderByTwoPasses = (
  base: number,
  length: number,
  low: number,
  range: number,
  shift: number,
  lowBits: number,
  highBits: number,
  scratch: SyncScratch,
): void => {
  const { columns, order, orderSpare, counts, highCounts } = scratch
  const lowBuckets = 1 << lowBits
  const highBuckets = 1 << highBits
  const lowMask = lowBuckets - 1
  const scale = (lowBuckets * highBuckets - 1) / range
  clear(counts, lowBuckets)
  clear(highCounts, highBuckets)
  for (let i = 0; i < length; i++) {
    const slice = ((columns[base + i] - low) * scale) | 0
    order[i] = (slice << shift) | i
    counts[slice & lowMask]++
    highCounts[slice >>> lowBits]++
  }
  exclusiveSums(counts, lowBuckets)
  exclusiveSums(highCounts, highBuckets)
  countingPass(order, orderSpare, length, shift, lowMask, counts)
  countingPass(orderSpare, order, length, shift + lowBits, highBuckets - 1, highCounts)
}

/**
 * Put weights that share a slice in order by comparing them (insertion, stable).
 *
 * @returns false when that would take too long.
 */
const settleSharedSlices = (base: number, length: number, shift: number, scratch: SyncScratch): boolean => {
  const { columns, order } = scratch
  const mask = (1 << shift) - 1
  let budget = Math.max(MIN_SHIFTS, SHIFTS_A_WEIGHT * length)
  let last = order[0] >>> shift
  for (let r = 1; r < length; r++) {
    const entry = order[r]
    const slice = entry >>> shift
    if (slice === last) {
      const value = columns[base + (entry & mask)]
      let to = r
      while (to > 0 && columns[base + (order[to - 1] & mask)] > value) {
        order[to] = order[to - 1]
        to--
      }
      order[to] = entry
      budget -= r - to
      if (budget < 0) return false
    }
    last = slice
  }
  return true
}

/**
 * Order one column of `scratch.columns`: afterwards `scratch.order[r] & mask` is the index of the weight with rank `r`, where
 * `mask = 2^indexBits(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index. About 10 ns a weight; about four times that for values spread over many magnitudes.
 *
 * @param column which column of the block.
 * @param base where the column starts in `scratch.columns`.
 */
export const orderColumn = (column: number, base: number, length: number, scratch: SyncScratch): void => {
  const low = scratch.lowest[column]
  const range = scratch.highest[column] - low
  if (range === 0) {
    const { order } = scratch
    for (let i = 0; i < length; i++) order[i] = i
    return
  }
  if (length > MAX_SLICED_LENGTH || range === Infinity) {
    radixOrder(base, length, scratch)
    return
  }
  const shift = indexBits(length)
  if (length <= MAX_ONE_PASS_LENGTH) {
    orderByOnePass(base, length, low, range, shift, Math.max(4, shift + 1), scratch)
  } else {
    const lowBits = length < 256 ? 7 : length < 2048 ? 8 : 9
    const highBits = Math.min(lowBits, 32 - shift - lowBits)
    orderByTwoPasses(base, length, low, range, shift, lowBits, highBits, scratch)
  }
  if (!settleSharedSlices(base, length, shift, scratch)) radixOrder(base, length, scratch)
}
