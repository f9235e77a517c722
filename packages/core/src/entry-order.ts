/**
 * Sort the entries of one weight vector: the fast part of its order.
 *
 * An entry is a slice number above an index, 31 bits in all: a slice is a narrow, equally wide piece of the vector's range. The map from
 * weights to slices is monotone, so entries that differ in their slice are in the order of the weights. Entries are unique, hence any sort of
 * them is stable. The paper remarks that a bucket sort suits weights (Section 4 of arXiv:2003.02570).
 */
import { clearCounts, countDigit, countTwoDigits, exclusiveSums, placeByDigit } from './counting-sort.ts'
import type { SyncScratch } from './sync-scratch.ts'

/** Up to this length counting is not worth its counters; measured. */
const MAX_INSERTION_LENGTH = 12
/** Up to this length one pass over as many slices as weights is fastest, beyond it two passes over many more; measured. */
const MAX_ONE_PASS_LENGTH = 640

/** Bits that an index into a vector of this length needs: entry `r` of an order holds it in its low bits. */
export const indexBits = (length: number): number => (length <= 1 ? 1 : 32 - Math.clz32(length - 1))

/**
 * Write the entries of a column, in the order of indices.
 *
 * On the way one pair of neighbours in four is looked at: weights that differ and share a slice are a sign that many do.
 *
 * @returns how many such pairs there were.
 */
const writeEntries = (
  columns: Float32Array,
  base: number,
  length: number,
  low: number,
  scale: number,
  shift: number,
  entries: Int32Array,
): number => {
  let shared = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    const w0 = columns[base + i]
    const w1 = columns[base + i + 1]
    const w2 = columns[base + i + 2]
    const w3 = columns[base + i + 3]
    const slice0 = ((w0 - low) * scale) | 0
    const slice1 = ((w1 - low) * scale) | 0
    if (slice0 === slice1 && w0 !== w1) shared++
    entries[i] = (slice0 << shift) | i
    entries[i + 1] = (slice1 << shift) | (i + 1)
    entries[i + 2] = ((((w2 - low) * scale) | 0) << shift) | (i + 2)
    entries[i + 3] = ((((w3 - low) * scale) | 0) << shift) | (i + 3)
  }
  for (; i < length; i++) entries[i] = ((((columns[base + i] - low) * scale) | 0) << shift) | i
  return shared
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

/** One counting pass, from one array to another, over as many slices as weights, or up to twice as many. */
const orderByDigit = (
  entries: Int32Array,
  order: Int32Array,
  length: number,
  digitBits: number,
  counts: Int32Array,
): void => {
  const shift = 31 - digitBits
  clearCounts(counts, 1 << digitBits)
  countDigit(entries, length, shift, (1 << digitBits) - 1, counts)
  exclusiveSums(counts, 1 << digitBits)
  placeByDigit(entries, order, length, shift, (1 << digitBits) - 1, counts)
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
  clearCounts(counts, 1 << lowBits)
  clearCounts(highCounts, 1 << highBits)
  countTwoDigits(entries, length, lowShift, lowMask, highShift, counts, highCounts)
  exclusiveSums(counts, 1 << lowBits)
  exclusiveSums(highCounts, 1 << highBits)
  placeByDigit(entries, spare, length, lowShift, lowMask, counts)
  placeByDigit(spare, entries, length, highShift, (1 << highBits) - 1, highCounts)
}

/**
 * Write the entries of a column in an order that is right but for near neighbours.
 *
 * @param base where the column starts in `scratch.columns`; its weights are numbers in `[low, low + range]`, `range` finite and above 0.
 * @param order receives the entries.
 * @returns false when so many weights share a slice that the order is not worth settling.
 */
export const orderEntries = (
  base: number,
  length: number,
  low: number,
  range: number,
  order: Int32Array,
  scratch: SyncScratch,
): boolean => {
  const { columns, orderSpare, counts, highCounts } = scratch
  const shift = indexBits(length)
  const scale = ((1 << (31 - shift)) - 1) / range
  const isOnePass = length > MAX_INSERTION_LENGTH && length <= MAX_ONE_PASS_LENGTH
  const entries = isOnePass ? orderSpare : order
  if (writeEntries(columns, base, length, low, scale, shift, entries) > 2 + (length >> 7)) return false
  if (length <= MAX_INSERTION_LENGTH) orderByInsertion(order, length)
  else if (isOnePass) orderByDigit(orderSpare, order, length, shift, counts)
  else orderByTwoDigits(order, orderSpare, length, shift, counts, highCounts)
  return true
}
