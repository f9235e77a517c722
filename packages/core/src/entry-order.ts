/**
 * Sort the entries of one weight vector: the fast part of its order.
 *
 * An entry is a slice number above an index, 31 bits in all: a slice is a narrow, equally wide piece of the vector's range. The map from
 * weights to slices is monotone, so entries that differ in their slice are in the order of the weights. Entries are unique, hence any sort of
 * them is stable. The paper remarks that a bucket sort suits weights (Section 4 of arXiv:2003.02570).
 */
import { columnMemory, columnPitch, indexBits, MAX_DIGIT_BITS, spareBase } from './column-memory.ts'
import { clearCounts, exclusiveSums, placeByDigit } from './counting-sort.ts'

// Constants of this module: see column-memory.ts.
const { columns, entries, counts, lowest, highest, scales, offsets } = columnMemory

/** Up to this length counting is not worth its counters; measured. */
export const MAX_INSERTION_LENGTH = 12

/** Entries are below 2^31; a margin at both ends is wider than what rounding adds. */
const ENTRY_RANGE = 2 ** 31 - 4096
const MARGIN = 1024

/**
 * Say how a column's weights become entries.
 *
 * @returns false when no such map tells them apart: they are all equal, or spread over more than the numbers.
 */
export const scaleColumn = (column: number): boolean => {
  const range = highest[column] - lowest[column]
  scales[column] = ENTRY_RANGE / range
  offsets[column] = MARGIN - lowest[column] * scales[column]
  return range > 0 && range < Infinity
}

/** Leading bits of an entry that the one counting pass sorts by: two to four times as many buckets as weights. */
export const bucketBitsOf = (length: number): number => Math.min(indexBits(length) + 1, MAX_DIGIT_BITS)

/**
 * Write the entries of a column to `to`, in the order of indices.
 *
 * A weight is scaled to 31 bits, and the index replaces the low ones. Each step rounds monotonically, so the map is monotone.
 */
const writeEntries = (
  base: number,
  length: number,
  scale: number,
  offset: number,
  sliceMask: number,
  to: number,
): void => {
  for (let i = 0; i < length; i++) entries[to + i] = ((columns[base + i] * scale + offset) & sliceMask) | i
}

/** As {@link writeEntries}, counting digits on the way. */
const writeAndCountEntries = (
  base: number,
  length: number,
  scale: number,
  offset: number,
  sliceMask: number,
  to: number,
  digitShift: number,
): void => {
  for (let i = 0; i < length; i++) {
    const entry = ((columns[base + i] * scale + offset) & sliceMask) | i
    entries[to + i] = entry
    counts[entry >>> digitShift]++
  }
}

/**
 * One pair of neighbours in eight is looked at: weights that differ and share a slice are a sign that many do.
 *
 * @returns whether so many weights share a slice that the order is not worth settling.
 */
export const isCrowded = (base: number, length: number, from: number, slice: number): boolean => {
  let shared = 0
  for (let i = 0; i + 1 < length; i += 8) {
    // Above 0 where both are: one branch that is rarely taken, also where most weights are zeros at random places.
    const sharesSlice = slice - (entries[from + i] ^ entries[from + i + 1])
    if (sharesSlice * Math.abs(columns[base + i] - columns[base + i + 1]) > 0) shared++
  }
  return shared > 1 + (length >> 8)
}

const orderByInsertion = (first: number, length: number): void => {
  for (let r = first + 1, end = first + length; r < end; r++) {
    const entry = entries[r]
    let to = r
    while (to > first && entries[to - 1] > entry) {
      entries[to] = entries[to - 1]
      to--
    }
    entries[to] = entry
  }
}

/**
 * Write the entries of a column, at its place among the orders, in an order that is right but for near neighbours.
 *
 * Insertion up to a few weights; else one counting pass.
 *
 * @param column which of the group's, scaled by {@link scaleColumn}.
 * @returns false when so many weights share a slice that the order is not worth settling.
 */
export const orderEntries = (column: number, length: number): boolean => {
  const base = column * columnPitch(length)
  const slice = 1 << indexBits(length)
  const scale = scales[column]
  const offset = offsets[column]
  if (length <= MAX_INSERTION_LENGTH) {
    writeEntries(base, length, scale, offset, -slice, base)
    orderByInsertion(base, length)
    return true
  }
  const spare = spareBase(length)
  const digitBits = bucketBitsOf(length)
  const digitShift = 31 - digitBits
  clearCounts(1 << digitBits)
  writeAndCountEntries(base, length, scale, offset, -slice, spare, digitShift)
  if (isCrowded(base, length, spare, slice)) return false
  exclusiveSums(base, 1 << digitBits)
  placeByDigit(spare, length, digitShift, (1 << digitBits) - 1)
  return true
}
