/**
 * The order of two neighbouring weight vectors at once: entry-order.ts and settle-order.ts for both, pass by pass.
 *
 * Two vectors share the counters, one in the low and one in the high half of each, so that they are cleared and summed once; and while an access
 * to one vector's counter waits for the last one to be written, the other vector's goes on. A tenth to a fifth faster than one after the other.
 */
import { columnMemory, columnPitch, indexBits, spareBase } from './column-memory.ts'
import { orderColumn } from './column-order.ts'
import { clearCounts, exclusiveSums } from './counting-sort.ts'
import { bucketBitsOf, isCrowded, MAX_INSERTION_LENGTH, scaleColumn } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'
import { settle } from './settle-order.ts'

// Constants of this module: see column-memory.ts.
const { columns, entries, counts, scales, offsets } = columnMemory

/** Something that is done to columns `column` and `column + 1`; false when they are in order now and no other pass is needed. */
type Pass = (column: number, length: number) => boolean

/** One in the high half of a counter. */
const HIGH_ONE = 2 ** 16
const LOW_HALF = HIGH_ONE - 1

const prepare: Pass = (column, length) => {
  if (!scaleColumn(column) || !scaleColumn(column + 1)) {
    orderColumn(column, length)
    orderColumn(column + 1, length)
    return false
  }
  clearCounts(1 << bucketBitsOf(length))
  return true
}

const writeAndCount: Pass = (column, length) => {
  const pitch = columnPitch(length)
  const low = column * pitch
  const high = low + pitch
  const toLow = spareBase(length)
  const toHigh = toLow + pitch
  const lowScale = scales[column]
  const lowOffset = offsets[column]
  const highScale = scales[column + 1]
  const highOffset = offsets[column + 1]
  const sliceMask = -(1 << indexBits(length))
  const digitShift = 31 - bucketBitsOf(length)
  for (let i = 0; i < length; i++) {
    const lowEntry = ((columns[low + i] * lowScale + lowOffset) & sliceMask) | i
    entries[toLow + i] = lowEntry
    counts[lowEntry >>> digitShift]++
    const highEntry = ((columns[high + i] * highScale + highOffset) & sliceMask) | i
    entries[toHigh + i] = highEntry
    counts[highEntry >>> digitShift] += HIGH_ONE
  }
  return true
}

const sortCrowded: Pass = (column, length) => {
  const pitch = columnPitch(length)
  const low = column * pitch
  const high = low + pitch
  const slice = 1 << indexBits(length)
  const from = spareBase(length)
  const isLowCrowded = isCrowded(low, length, from, slice)
  const isHighCrowded = isCrowded(high, length, from + pitch, slice)
  if (!isLowCrowded && !isHighCrowded) return true
  if (isLowCrowded) orderExactly(low, length)
  else orderColumn(column, length)
  if (isHighCrowded) orderExactly(high, length)
  else orderColumn(column + 1, length)
  return false
}

const sum: Pass = (_column, length) => {
  exclusiveSums(0, 1 << bucketBitsOf(length))
  return true
}

const place: Pass = (column, length) => {
  const pitch = columnPitch(length)
  const low = column * pitch
  const high = low + pitch
  const fromLow = spareBase(length)
  const fromHigh = fromLow + pitch
  const digitShift = 31 - bucketBitsOf(length)
  for (let i = 0; i < length; i++) {
    const lowEntry = entries[fromLow + i]
    const lowDigit = lowEntry >>> digitShift
    const lowCount = counts[lowDigit]
    counts[lowDigit] = lowCount + 1
    entries[low + (lowCount & LOW_HALF)] = lowEntry
    const highEntry = entries[fromHigh + i]
    const highDigit = highEntry >>> digitShift
    const highCount = counts[highDigit]
    counts[highDigit] = highCount + HIGH_ONE
    entries[high + (highCount >>> 16)] = highEntry
  }
  return true
}

const settleLow: Pass = (column, length) => {
  const base = column * columnPitch(length)
  if (!settle(base, length, 1 << indexBits(length))) orderExactly(base, length)
  return true
}

const settleHigh: Pass = (column, length) => settleLow(column + 1, length)

/**
 * Called from one place that meets all of them, which keeps V8 from compiling them into one function: together they have more variables than
 * the processor has registers, and take half as long again.
 */
const passes: readonly Pass[] = [prepare, writeAndCount, sortCrowded, sum, place, settleLow, settleHigh]

/** Whether {@link orderPair} takes vectors of this length: not worth it for a few weights, and a position must fit half a counter. */
export const canOrderPairs = (length: number): boolean => length > MAX_INSERTION_LENGTH && length <= LOW_HALF

/**
 * Order columns `column` and `column + 1` of the group; where the orders are left is told at `orderColumns`.
 *
 * @param length weights in each, as many as {@link canOrderPairs} takes.
 */
export const orderPair = (column: number, length: number): void => {
  for (let pass = 0; pass < passes.length; pass++) if (!passes[pass](column, length)) return
}
