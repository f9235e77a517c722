/**
 * Bucket sort of one weight vector. The paper remarks that a bucket sort suits weights (Section 4 of arXiv:2003.02570).
 *
 * An entry is a slice number above an index: a slice is a narrow, equally wide piece of the vector's range, and the upper bits of its number are a
 * bucket. The map from weights to slices is monotone, so entries that differ in their slice are in the order of the weights. Entries are unique,
 * hence any sort of them is stable. Neighbours that slices do not separate are compared (insert-neighbours.ts).
 */
import {
  BUCKET_SHIFT,
  COLUMN_PITCH,
  columnMemory,
  MAX_BUCKET_BITS,
  SCRATCH_BASE,
  sliceOf,
} from './column-memory.ts'
import { insertNeighbours, listUnseparated } from './insert-neighbours.ts'
import { radixSort } from './radix-sort.ts'

// Constants of this module: see column-memory.ts.
const { weights, entries, counts, lowest, highest, scales, offsets } = columnMemory
const SHIFT = BUCKET_SHIFT
/** Entries of a bucket. */
const BUCKET_ENTRIES = 1 << SHIFT

/** A margin at both ends of the buckets is wider than what rounding adds. */
const MARGIN = 1024

/** Buckets of the one counting pass: twice as many as weights, where there are no more than 16384. */
export const bucketsOf = (length: number): number => Math.min(2 * length, 1 << MAX_BUCKET_BITS)

/**
 * Note the scale and the offset that make entries of a column's weights.
 *
 * @returns false when their range is not finite.
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
 * Whether the weights cluster in few slices, judged by a sample of pairs: of one weight in seventeen, in short vectors of one in five.
 *
 * Pairs are one or two apart and begin at odd and even indices, so that no simple pattern hides from all of them.
 *
 * @param base where the column is among the weights.
 * @param from where its entries are, in the order of indices.
 * @returns whether so many different weights share a slice that a radix sort costs less than comparing them.
 */
export const isClustered = (base: number, length: number, from: number, slice: number): boolean => {
  const step = length < 256 ? 5 : 17
  let shared = 0
  for (let i = 0; i + 2 < length; i += step) {
    const other = i + 1 + ((i >> 1) & 1)
    // Above 0 where two different weights share a slice: one branch, rarely taken, also where most weights are zeros.
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

const sortByBuckets = (from: number, length: number, to: number): void => {
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
 * @returns false when the weights cluster in few slices.
 */
const bucketSortEntries = (column: number, length: number): boolean => {
  const base = column * COLUMN_PITCH
  writeEntries(column, length, SCRATCH_BASE)
  if (isClustered(base, length, SCRATCH_BASE, sliceOf(length))) return false
  sortByBuckets(SCRATCH_BASE, length, base)
  return true
}

/**
 * Order a column of the group, and leave the order where `orderColumns` says. Overwrites the scratch columns.
 *
 * Where buckets do not separate the weights a radix sort takes over, so that no input is slow.
 */
export const bucketSort = (column: number, length: number): void => {
  const base = column * COLUMN_PITCH
  const slice = sliceOf(length)
  const isOrdered =
    scaleColumn(column, bucketsOf(length)) &&
    bucketSortEntries(column, length) &&
    insertNeighbours(base, length, slice, SCRATCH_BASE, listUnseparated(base, length, slice, SCRATCH_BASE))
  if (!isOrdered) radixSort(base, length)
}
