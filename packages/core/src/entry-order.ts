/**
 * Sort the entries of one weight vector: the fast part of its order.
 *
 * An entry is a slice number above an index: a slice is a narrow, equally wide piece of the vector's range, and the upper bits of its number are a
 * bucket. The map from weights to slices is monotone, so entries that differ in their slice are in the order of the weights. Entries are unique,
 * hence any sort of them is stable. The paper remarks that a bucket sort suits weights (Section 4 of arXiv:2003.02570).
 */
import {
  BUCKET_SHIFT,
  COLUMN_PITCH,
  columnMemory,
  MAX_BUCKET_BITS,
  SPARE_BASE,
  sliceOf,
} from './column-memory.ts'

// Constants of this module: see column-memory.ts.
const { weights, entries, counts, lowest, highest, scales, offsets } = columnMemory
const SHIFT = BUCKET_SHIFT
/** Entries of a bucket. */
const BUCKET_ENTRIES = 2 ** SHIFT

/** A margin at both ends of the buckets is wider than what rounding adds. */
const MARGIN = 1024

/** Buckets of the one counting pass: twice as many as weights, where there are no more than 16384. */
export const bucketsOf = (length: number): number => Math.min(2 * length, 1 << MAX_BUCKET_BITS)

/**
 * Say how a column's weights become entries.
 *
 * @returns false when they are spread over more than the numbers.
 */
export const scaleColumn = (column: number, buckets: number): boolean => {
  const low = lowest[column]
  const range = highest[column] - low
  // Equal weights share a slice, and keep the order of their indices.
  const scale = range === 0 ? 0 : (buckets * BUCKET_ENTRIES - 4 * MARGIN) / range
  scales[column] = scale
  offsets[column] = MARGIN - low * scale
  return range < Infinity
}

/**
 * One pair of weights in seventeen is looked at, in short vectors one in five: weights that differ and share a slice are a sign that many do. Pairs
 * are one or two apart and begin at odd and even indices, so that no simple pattern hides from all of them.
 *
 * @param base where the column is among the weights.
 * @param from where its entries are, in the order of indices.
 * @returns whether so many weights share a slice that the order is not worth settling.
 */
export const isCrowded = (base: number, length: number, from: number, slice: number): boolean => {
  const step = length < 256 ? 5 : 17
  let shared = 0
  for (let i = 0; i + 2 < length; i += step) {
    const other = i + 1 + ((i >> 1) & 1)
    // Above 0 where both are: one branch that is rarely taken, also where most weights are zeros at random places.
    const sharesSlice = slice - (entries[from + i] ^ entries[from + other])
    if (sharesSlice * Math.abs(weights[base + i] - weights[base + other]) > 0) shared++
  }
  return shared > (length < 256 ? 0 : 1 + (length >> 9))
}

/**
 * Write the entries of a column to `to`, in the order of indices.
 *
 * A weight is scaled to the bits of an entry, and the index replaces the low ones. Each step rounds monotonically, so the map is monotone.
 */
const writeEntries = (column: number, length: number, to: number): void => {
  const base = column * COLUMN_PITCH
  const scale = scales[column]
  const offset = offsets[column]
  const sliceMask = -sliceOf(length)
  for (let i = 0; i < length; i++) entries[to + i] = ((weights[base + i] * scale + offset) & sliceMask) | i
}

const orderByCounting = (from: number, length: number, to: number): void => {
  const buckets = bucketsOf(length)
  counts.fill(0, 0, buckets)
  for (let p = from, end = from + length; p < end; p++) counts[entries[p] >>> SHIFT]++
  let position = to
  for (let b = 0; b < buckets; b++) {
    const inBucket = counts[b]
    counts[b] = position
    position += inBucket
  }
  for (let p = from, end = from + length; p < end; p++) {
    const entry = entries[p]
    entries[counts[entry >>> SHIFT]++] = entry
  }
}

/**
 * Write the entries of a column, at its place among the orders, in an order that is right but for near neighbours.
 *
 * @param column which of the group's, scaled by {@link scaleColumn}.
 * @returns false when so many weights share a slice that the order is not worth settling.
 */
export const orderEntries = (column: number, length: number): boolean => {
  const base = column * COLUMN_PITCH
  writeEntries(column, length, SPARE_BASE)
  if (isCrowded(base, length, SPARE_BASE, sliceOf(length))) return false
  orderByCounting(SPARE_BASE, length, base)
  return true
}
