/**
 * The orders of four neighbouring weight vectors at once: entry-order.ts and settle-order.ts for all of them, pass by pass.
 *
 * A counter serves two vectors, one in its low and one in its high half, so that counters are cleared and summed for four vectors in the time of
 * two; and while an access to one vector's counter waits for the last one to be written, the other vectors' go on.
 */
import {
  BUCKET_SHIFT,
  COLUMN_PITCH,
  columnMemory,
  GROUP_COLUMNS,
  SPARE_BASE,
  sliceOf,
} from './column-memory.ts'
import { bucketsOf, isCrowded, scaleColumn } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'
import { orderFourExactly } from './four-exact-orders.ts'
import { settle } from './settle-order.ts'

// Constants of this module: see column-memory.ts.
const { scales, offsets, doubts, counts: counts01, otherCounts: counts23 } = columnMemory
const [weights0, weights1, weights2, weights3] = columnMemory.weightColumns
const [order0, order1, order2, order3] = columnMemory.orderColumns
const [spare0, spare1, spare2, spare3] = columnMemory.spareColumns

const SHIFT = BUCKET_SHIFT

/**
 * Something that is done to the four columns. Its numbers are handed over: a pass is compiled after so few calls that V8 knows nothing yet about a
 * function that would work them out, and gives up on the pass when it gets there.
 *
 * @param length weights in each column.
 * @param slice entries that differ by so much are told apart.
 * @param buckets of the counting sort.
 * @returns false when the columns are in order now and no other pass is needed.
 */
type Pass = (length: number, slice: number, buckets: number) => boolean

/** One in the high half of a counter. */
const HIGH_ONE = 2 ** 16
const LOW_HALF = HIGH_ONE - 1

/** Set the counters of the first `buckets` buckets to 0. */
const clearCounts = (buckets: number): void => {
  // `fill` is a call into the runtime: dear for 32 counters, cheap for 512.
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
  else orderFourExactly(length)
  return isScaled
}

/** The entries in the order of indices, and how many each bucket has. */
const writeAndCount: Pass = (length, slice) => {
  const [scale0, scale1, scale2, scale3] = [scales[0], scales[1], scales[2], scales[3]]
  const [offset0, offset1, offset2, offset3] = [offsets[0], offsets[1], offsets[2], offsets[3]]
  const sliceMask = -slice
  for (let i = 0; i < length; i++) {
    const entry0 = ((weights0[i] * scale0 + offset0) & sliceMask) | i
    spare0[i] = entry0
    counts01[entry0 >>> SHIFT]++
    const entry1 = ((weights1[i] * scale1 + offset1) & sliceMask) | i
    spare1[i] = entry1
    counts01[entry1 >>> SHIFT] += HIGH_ONE
    const entry2 = ((weights2[i] * scale2 + offset2) & sliceMask) | i
    spare2[i] = entry2
    counts23[entry2 >>> SHIFT]++
    const entry3 = ((weights3[i] * scale3 + offset3) & sliceMask) | i
    spare3[i] = entry3
    counts23[entry3 >>> SHIFT] += HIGH_ONE
  }
  return true
}

const orderCrowded: Pass = (length, slice) => {
  for (let base = 0; base < SPARE_BASE; base += COLUMN_PITCH) {
    if (isCrowded(base, length, SPARE_BASE + base, slice)) {
      orderFourExactly(length)
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
    const entry0 = spare0[i]
    const bucket0 = entry0 >>> SHIFT
    const count0 = counts01[bucket0]
    counts01[bucket0] = count0 + 1
    order0[count0 & LOW_HALF] = entry0
    const entry1 = spare1[i]
    const bucket1 = entry1 >>> SHIFT
    const count1 = counts01[bucket1]
    counts01[bucket1] = count1 + HIGH_ONE
    order1[count1 >>> 16] = entry1
    const entry2 = spare2[i]
    const bucket2 = entry2 >>> SHIFT
    const count2 = counts23[bucket2]
    counts23[bucket2] = count2 + 1
    order2[count2 & LOW_HALF] = entry2
    const entry3 = spare3[i]
    const bucket3 = entry3 >>> SHIFT
    const count3 = counts23[bucket3]
    counts23[bucket3] = count3 + HIGH_ONE
    order3[count3 >>> 16] = entry3
  }
  return true
}

/** `listDoubts` of settle-order.ts for the four columns, each into its spare one. */
const listAllDoubts: Pass = (length, slice) => {
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
    spare0[found0] = r
    found0 = (found0 + ((entry0 - least0) >>> 31)) | 0
    least0 = (entry0 + slice) | 0
    const entry1 = order1[r]
    spare1[found1] = r
    found1 = (found1 + ((entry1 - least1) >>> 31)) | 0
    least1 = (entry1 + slice) | 0
    const entry2 = order2[r]
    spare2[found2] = r
    found2 = (found2 + ((entry2 - least2) >>> 31)) | 0
    least2 = (entry2 + slice) | 0
    const entry3 = order3[r]
    spare3[found3] = r
    found3 = (found3 + ((entry3 - least3) >>> 31)) | 0
    least3 = (entry3 + slice) | 0
  }
  doubts[0] = found0
  doubts[1] = found1
  doubts[2] = found2
  doubts[3] = found3
  return true
}

/** Whether a column has more places in doubt than one that settles is likely to have, unless its weights are equal. */
const isDoubtful = (column: number, length: number): boolean => doubts[column] > length / 5

/** A single column that does not settle is sorted by bits alone; where another does not, or the next is not likely to, all four are. */
const settleAll: Pass = (length, slice) => {
  let unsettled = -1
  for (let column = 0; column < GROUP_COLUMNS; column++) {
    const base = column * COLUMN_PITCH
    if (settle(base, length, slice, SPARE_BASE + base, doubts[column])) continue
    if (unsettled >= 0 || (column + 1 < GROUP_COLUMNS && isDoubtful(column + 1, length))) {
      orderFourExactly(length)
      return false
    }
    unsettled = column
  }
  // Only now, since it takes the spare columns, where the lists are.
  if (unsettled >= 0) orderExactly(unsettled * COLUMN_PITCH, length)
  return true
}

const passes: readonly Pass[] = [
  prepare,
  writeAndCount,
  orderCrowded,
  sumCounts,
  place,
  listAllDoubts,
  settleAll,
]

/**
 * Order the four columns of the group; where the orders are left is told at `orderColumns`.
 *
 * The passes are called from one place that meets all of them, so that V8 compiles each by itself: together they have more variables than the processor
 * has registers, and take half as long again, or twice.
 *
 * @param length weights in each, from 2 to `MAX_LENGTH`.
 */
export const orderFour = (length: number): void => {
  const slice = sliceOf(length)
  const buckets = bucketsOf(length)
  for (let pass = 0; pass < passes.length; pass++) if (!passes[pass](length, slice, buckets)) return
}
