/**
 * Sort the entries of one weight vector: the fast part of its order.
 *
 * An entry is a slice number above an index, 31 bits in all: a slice is a narrow, equally wide piece of the vector's range. The map from
 * weights to slices is monotone, so entries that differ in their slice are in the order of the weights. Entries are unique, hence any sort of
 * them is stable. The paper remarks that a bucket sort suits weights (Section 4 of arXiv:2003.02570).
 */
import type { SyncScratch } from './sync-scratch.ts'

/** Up to this length counting is not worth its counters; measured. */
const MAX_INSERTION_LENGTH = 12
/** Up to this length one pass over as many slices as weights is fastest, beyond it two passes over many more; measured. */
const MAX_ONE_PASS_LENGTH = 640

/** Bits that an index into a vector of this length needs: entry `r` of an order holds it in its low bits. */
export const indexBits = (length: number): number => (length <= 1 ? 1 : 32 - Math.clz32(length - 1))

/** Write the entries of a column, in the order of indices. Four a round: V8 spends as long on a short loop as on an entry. */
const writeEntries = (
  columns: Float32Array,
  base: number,
  length: number,
  low: number,
  scale: number,
  shift: number,
  entries: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const w0 = columns[base + i]
    const w1 = columns[base + i + 1]
    const w2 = columns[base + i + 2]
    const w3 = columns[base + i + 3]
    entries[i] = ((((w0 - low) * scale) | 0) << shift) | i
    entries[i + 1] = ((((w1 - low) * scale) | 0) << shift) | (i + 1)
    entries[i + 2] = ((((w2 - low) * scale) | 0) << shift) | (i + 2)
    entries[i + 3] = ((((w3 - low) * scale) | 0) << shift) | (i + 3)
  }
  for (; i < length; i++) entries[i] = ((((columns[base + i] - low) * scale) | 0) << shift) | i
}

const orderByInsertion = (entries: Int32Array, length: number): void => {
  for (let r = 1; r < length; r++) {
    const entry = entries[r]
    let to = r
    while (to > 0 && entries[to - 1] > entry) {
      entries[to] = entries[to - 1]
      to--
    }
    entries[to] = entry
  }
}

/** Turn counts into starting positions. */
const exclusiveSums = (counts: Int32Array, buckets: number): void => {
  let sum = 0
  for (let b = 0; b < buckets; b += 4) {
    const after0 = sum + counts[b]
    const after1 = after0 + counts[b + 1]
    const after2 = after1 + counts[b + 2]
    const after3 = after2 + counts[b + 3]
    counts[b] = sum
    counts[b + 1] = after0
    counts[b + 2] = after1
    counts[b + 3] = after2
    sum = after3
  }
}

const clear = (counts: Int32Array, buckets: number): void => {
  // `fill` is a call into the runtime: dear for 32 counters, cheap for 512.
  if (buckets > 64) counts.fill(0, 0, buckets)
  else for (let b = 0; b < buckets; b++) counts[b] = 0
}

/** Count the highest digit: all bits above `shift`. */
const countDigit = (entries: Int32Array, length: number, shift: number, counts: Int32Array): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = entries[i]
    const entry1 = entries[i + 1]
    const entry2 = entries[i + 2]
    const entry3 = entries[i + 3]
    counts[entry0 >>> shift]++
    counts[entry1 >>> shift]++
    counts[entry2 >>> shift]++
    counts[entry3 >>> shift]++
  }
  for (; i < length; i++) counts[entries[i] >>> shift]++
}

/** Count two digits: `lowMask` above `lowShift`, and all bits above `highShift`. */
const countDigits = (
  entries: Int32Array,
  length: number,
  lowShift: number,
  lowMask: number,
  highShift: number,
  lowCounts: Int32Array,
  highCounts: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = entries[i]
    const entry1 = entries[i + 1]
    const entry2 = entries[i + 2]
    const entry3 = entries[i + 3]
    lowCounts[(entry0 >>> lowShift) & lowMask]++
    highCounts[entry0 >>> highShift]++
    lowCounts[(entry1 >>> lowShift) & lowMask]++
    highCounts[entry1 >>> highShift]++
    lowCounts[(entry2 >>> lowShift) & lowMask]++
    highCounts[entry2 >>> highShift]++
    lowCounts[(entry3 >>> lowShift) & lowMask]++
    highCounts[entry3 >>> highShift]++
  }
  for (; i < length; i++) {
    const entry = entries[i]
    lowCounts[(entry >>> lowShift) & lowMask]++
    highCounts[entry >>> highShift]++
  }
}

/** Move entries to the positions of their digits, stable. */
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

/** One counting pass, from one array to another, over as many slices as weights, or up to twice as many. */
const orderByDigit = (
  entries: Int32Array,
  order: Int32Array,
  length: number,
  digitBits: number,
  counts: Int32Array,
): void => {
  const shift = 31 - digitBits
  clear(counts, 1 << digitBits)
  countDigit(entries, length, shift, counts)
  exclusiveSums(counts, 1 << digitBits)
  countingPass(entries, order, length, shift, (1 << digitBits) - 1, counts)
}

/** Two counting passes over the highest bits of the entries, low digit first. Entries that agree in them keep the order of their indices. */
const orderByTwoDigits = (
  entries: Int32Array,
  spare: Int32Array,
  length: number,
  shift: number,
  counts: Int32Array,
  highCounts: Int32Array,
): void => {
  const highBits = length < 4096 ? 8 : 9
  const lowBits = Math.min(highBits, 31 - shift - highBits)
  const highShift = 31 - highBits
  const lowShift = highShift - lowBits
  const lowMask = (1 << lowBits) - 1
  clear(counts, 1 << lowBits)
  clear(highCounts, 1 << highBits)
  countDigits(entries, length, lowShift, lowMask, highShift, counts, highCounts)
  exclusiveSums(counts, 1 << lowBits)
  exclusiveSums(highCounts, 1 << highBits)
  countingPass(entries, spare, length, lowShift, lowMask, counts)
  countingPass(spare, entries, length, highShift, (1 << highBits) - 1, highCounts)
}

/**
 * Write the entries of a column in an order that is right but for near neighbours.
 *
 * @param base where the column starts in `scratch.columns`; its weights are numbers in `[low, low + range]`, `range` finite and above 0.
 * @param order receives the entries.
 */
export const orderEntries = (
  base: number,
  length: number,
  low: number,
  range: number,
  order: Int32Array,
  scratch: SyncScratch,
): void => {
  const { columns, orderSpare, counts, highCounts } = scratch
  const shift = indexBits(length)
  const scale = ((1 << (31 - shift)) - 1) / range
  if (length <= MAX_INSERTION_LENGTH) {
    writeEntries(columns, base, length, low, scale, shift, order)
    orderByInsertion(order, length)
  } else if (length <= MAX_ONE_PASS_LENGTH) {
    writeEntries(columns, base, length, low, scale, shift, orderSpare)
    orderByDigit(orderSpare, order, length, shift, counts)
  } else {
    writeEntries(columns, base, length, low, scale, shift, order)
    orderByTwoDigits(order, orderSpare, length, shift, counts, highCounts)
  }
}
