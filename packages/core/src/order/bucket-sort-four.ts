/**
 * Bucket sort of four neighbouring weight vectors at once: bucket-sort.ts and insert-neighbours.ts for all of them, pass by pass.
 *
 * A counter serves two vectors, one in its low and one in its high half: see order.ts.
 */

import { bucketsOf, isClustered, scaleColumn } from './bucket-sort.ts'
import {
  BUCKET_SHIFT,
  COLUMN_PITCH,
  columnMemory,
  GROUP_COLUMNS,
  SCRATCH_BASE,
  sliceOf,
} from './column-memory.ts'
import { insertNeighbours } from './insert-neighbours.ts'
import { radixSort } from './radix-sort.ts'
import { radixSortFour } from './radix-sort-four.ts'

// Constants of this module: see column-memory.ts.
const { scales, offsets, unseparated, counts: counts01, otherCounts: counts23 } = columnMemory
const [weights0, weights1, weights2, weights3] = columnMemory.weightColumns
const [order0, order1, order2, order3] = columnMemory.orderColumns
const [scratch0, scratch1, scratch2, scratch3] = columnMemory.scratchColumns

const SHIFT = BUCKET_SHIFT

/**
 * Something that is done to the four columns. Its numbers are handed over, not worked out: see order.ts.
 *
 * @param length weights in each column.
 * @param slice entries that differ by so much are told apart.
 * @param buckets of the counting sort.
 * @returns false when the columns are in order now and no other pass is needed.
 */
type Pass = (length: number, slice: number, buckets: number) => boolean

/** One in the high half of a counter. */
const HIGH_ONE = 0x1_0000
const LOW_HALF = HIGH_ONE - 1

/** Set the counters of the first `buckets` buckets to 0. */
const clearCounts = (buckets: number): void => {
  // `fill` is a call into the runtime: it costs more than a short loop, and less than a long one.
  if (buckets > 128) {
    counts01.fill(0, 0, buckets)
    counts23.fill(0, 0, buckets)
    return
  }
  for (let b = 0; b < buckets; b++) {
    counts01[b] = 0
    counts23[b] = 0
  }
}

const prepare: Pass = (length, _slice, buckets) => {
  const isScaled =
    scaleColumn(0, buckets) && scaleColumn(1, buckets) && scaleColumn(2, buckets) && scaleColumn(3, buckets)
  if (isScaled) clearCounts(buckets)
  else radixSortFour(length)
  return isScaled
}

/** The entries in the order of indices, and how many each bucket has. */
const writeAndCount: Pass = (length, slice) => {
  const [scale0, scale1, scale2, scale3] = [scales[0], scales[1], scales[2], scales[3]]
  const [offset0, offset1, offset2, offset3] = [offsets[0], offsets[1], offsets[2], offsets[3]]
  const sliceMask = -slice
  for (let i = 0; i < length; i++) {
    const entry0 = ((weights0[i] * scale0 + offset0) & sliceMask) | i
    scratch0[i] = entry0
    counts01[entry0 >>> SHIFT]++
    const entry1 = ((weights1[i] * scale1 + offset1) & sliceMask) | i
    scratch1[i] = entry1
    counts01[entry1 >>> SHIFT] += HIGH_ONE
    const entry2 = ((weights2[i] * scale2 + offset2) & sliceMask) | i
    scratch2[i] = entry2
    counts23[entry2 >>> SHIFT]++
    const entry3 = ((weights3[i] * scale3 + offset3) & sliceMask) | i
    scratch3[i] = entry3
    counts23[entry3 >>> SHIFT] += HIGH_ONE
  }
  return true
}

const radixSortClustered: Pass = (length, slice) => {
  for (let base = 0; base < SCRATCH_BASE; base += COLUMN_PITCH) {
    if (isClustered(base, length, SCRATCH_BASE + base, slice)) {
      radixSortFour(length)
      return false
    }
  }
  return true
}

/** Counts become the positions of the first entries. Sums stay integers of 32 bits where the high half reaches the sign. */
const sumCounts: Pass = (_length, _slice, buckets) => {
  let sum01 = 0
  let sum23 = 0
  for (let b = 0; b < buckets; b++) {
    const inBucket01 = counts01[b]
    counts01[b] = sum01
    sum01 = (sum01 + inBucket01) | 0
    const inBucket23 = counts23[b]
    counts23[b] = sum23
    sum23 = (sum23 + inBucket23) | 0
  }
  return true
}

const place: Pass = (length) => {
  for (let i = 0; i < length; i++) {
    const entry0 = scratch0[i]
    const bucket0 = entry0 >>> SHIFT
    const count0 = counts01[bucket0]
    counts01[bucket0] = count0 + 1
    order0[count0 & LOW_HALF] = entry0
    const entry1 = scratch1[i]
    const bucket1 = entry1 >>> SHIFT
    const count1 = counts01[bucket1]
    counts01[bucket1] = count1 + HIGH_ONE
    order1[count1 >>> 16] = entry1
    const entry2 = scratch2[i]
    const bucket2 = entry2 >>> SHIFT
    const count2 = counts23[bucket2]
    counts23[bucket2] = count2 + 1
    order2[count2 & LOW_HALF] = entry2
    const entry3 = scratch3[i]
    const bucket3 = entry3 >>> SHIFT
    const count3 = counts23[bucket3]
    counts23[bucket3] = count3 + HIGH_ONE
    order3[count3 >>> 16] = entry3
  }
  return true
}

/** `listUnseparated` of insert-neighbours.ts for the four columns, each into its scratch column. */
const listAllUnseparated: Pass = (length, slice) => {
  let found0 = 0
  let found1 = 0
  let found2 = 0
  let found3 = 0
  let least0 = (order0[0] + slice) | 0
  let least1 = (order1[0] + slice) | 0
  let least2 = (order2[0] + slice) | 0
  let least3 = (order3[0] + slice) | 0
  for (let r = 1; r < length; r++) {
    const entry0 = order0[r]
    scratch0[found0] = r
    found0 = (found0 + ((entry0 - least0) >>> 31)) | 0
    least0 = (entry0 + slice) | 0
    const entry1 = order1[r]
    scratch1[found1] = r
    found1 = (found1 + ((entry1 - least1) >>> 31)) | 0
    least1 = (entry1 + slice) | 0
    const entry2 = order2[r]
    scratch2[found2] = r
    found2 = (found2 + ((entry2 - least2) >>> 31)) | 0
    least2 = (entry2 + slice) | 0
    const entry3 = order3[r]
    scratch3[found3] = r
    found3 = (found3 + ((entry3 - least3) >>> 31)) | 0
    least3 = (entry3 + slice) | 0
  }
  unseparated[0] = found0
  unseparated[1] = found1
  unseparated[2] = found2
  unseparated[3] = found3
  return true
}

/** Whether a column has more unseparated neighbours than insertion is likely to order, unless its weights are equal. */
const needsRadixSort = (column: number, length: number): boolean => unseparated[column] > length / 5

/** A single column that insertion does not finish gets a radix sort alone; where another is not finished, or the next is not likely to be, all four do. */
const insertAllNeighbours: Pass = (length, slice) => {
  let unordered = -1
  for (let column = 0; column < GROUP_COLUMNS; column++) {
    const base = column * COLUMN_PITCH
    if (insertNeighbours(base, length, slice, SCRATCH_BASE + base, unseparated[column])) continue
    if (unordered >= 0 || (column + 1 < GROUP_COLUMNS && needsRadixSort(column + 1, length))) {
      radixSortFour(length)
      return false
    }
    unordered = column
  }
  // Only now: the radix sort writes the scratch columns, where the lists are.
  if (unordered >= 0) radixSort(unordered * COLUMN_PITCH, length)
  return true
}

const passes: readonly Pass[] = [
  prepare,
  writeAndCount,
  radixSortClustered,
  sumCounts,
  place,
  listAllUnseparated,
  insertAllNeighbours,
]

/**
 * Order the four columns of the group, and leave the orders where `orderColumns` says.
 *
 * The passes are called from one place, so that V8 compiles each by itself: see order.ts.
 *
 * @param length weights in each, from 2 to `MAX_LENGTH`.
 */
export const bucketSortFour = (length: number): void => {
  const slice = sliceOf(length)
  const buckets = bucketsOf(length)
  for (let pass = 0; pass < passes.length; pass++) if (!passes[pass](length, slice, buckets)) return
}
