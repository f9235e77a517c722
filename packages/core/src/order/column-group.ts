/**
 * Move four neighbouring columns between a row-major matrix and contiguous memory.
 *
 * The matrix is never transposed: a group is small enough to stay in the cache while its columns are worked on, and its four weights of a row
 * lie side by side. Indices are made integers of 32 bits (`| 0`), which saves a check for overflow at every step.
 */
import { COLUMN_PITCH, columnMemory, GROUP_COLUMNS, sliceOf } from './column-memory.ts'

// Constants of this module: see column-memory.ts.
const { weights, words, entries, lowest, highest } = columnMemory
const [weights0, weights1, weights2, weights3] = columnMemory.weightColumns
const [words0, words1, words2, words3] = columnMemory.wordColumns
const [order0, order1, order2, order3] = columnMemory.orderColumns

/**
 * Copy columns `first .. first + columns - 1` into the memory, and note each one's smallest and largest value.
 *
 * @param values row-major `[length, count]`, without NaN.
 * @param columns 1 to 4.
 */
export const gatherGroup = (
  values: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
): void => {
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++) gatherColumn(values, length, count, first + k, k)
    return
  }
  let from = first
  let low0 = values[from]
  let low1 = values[from + 1]
  let low2 = values[from + 2]
  let low3 = values[from + 3]
  let high0 = low0
  let high1 = low1
  let high2 = low2
  let high3 = low3
  for (let i = 0; i < length; i++) {
    const v0 = values[from]
    const v1 = values[(from + 1) | 0]
    const v2 = values[(from + 2) | 0]
    const v3 = values[(from + 3) | 0]
    weights0[i] = v0
    weights1[i] = v1
    weights2[i] = v2
    weights3[i] = v3
    if (v0 < low0) low0 = v0
    else if (v0 > high0) high0 = v0
    if (v1 < low1) low1 = v1
    else if (v1 > high1) high1 = v1
    if (v2 < low2) low2 = v2
    else if (v2 > high2) high2 = v2
    if (v3 < low3) low3 = v3
    else if (v3 > high3) high3 = v3
    from = (from + count) | 0
  }
  lowest[0] = low0
  lowest[1] = low1
  lowest[2] = low2
  lowest[3] = low3
  highest[0] = high0
  highest[1] = high1
  highest[2] = high2
  highest[3] = high3
}

const gatherColumn = (
  values: Float32Array,
  length: number,
  count: number,
  column: number,
  k: number,
): void => {
  const base = k * COLUMN_PITCH
  let low = values[column]
  let high = low
  for (let i = 0, from = column; i < length; i++, from += count) {
    const v = values[from]
    weights[base + i] = v
    if (v < low) low = v
    else if (v > high) high = v
  }
  lowest[k] = low
  highest[k] = high
}

/** Put theta_sorted in the orders of the group: `weights[k][order_k[r]] = sorted[r, first + k]`. The group's weights are gone then. */
export const placeSorted = (
  sorted: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
): void => {
  const mask = sliceOf(length) - 1
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++) {
      const base = k * COLUMN_PITCH
      for (let r = 0, from = first + k; r < length; r++, from += count)
        weights[base + (entries[base + r] & mask)] = sorted[from]
    }
    return
  }
  let from = first
  for (let r = 0; r < length; r++) {
    weights0[order0[r] & mask] = sorted[from]
    weights1[order1[r] & mask] = sorted[(from + 1) | 0]
    weights2[order2[r] & mask] = sorted[(from + 2) | 0]
    weights3[order3[r] & mask] = sorted[(from + 3) | 0]
    from = (from + count) | 0
  }
}

/** Put ranks in the place of weights: `words[k][order_k[r]] = r`. */
export const placeRanks = (length: number, columns: number): void => {
  const mask = sliceOf(length) - 1
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++) {
      const base = k * COLUMN_PITCH
      for (let r = 0; r < length; r++) words[base + (entries[base + r] & mask)] = r
    }
    return
  }
  for (let r = 0; r < length; r++) {
    words0[order0[r] & mask] = r
    words1[order1[r] & mask] = r
    words2[order2[r] & mask] = r
    words3[order3[r] & mask] = r
  }
}

/** Write the group's weights in their orders: `out[r, first + k] = weights[k][order_k[r]]`, every zero as +0. */
export const scatterSorted = (
  out: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
): void => {
  const mask = sliceOf(length) - 1
  // Adding +0 turns -0 into +0 and changes nothing else.
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++) {
      const base = k * COLUMN_PITCH
      for (let r = 0, to = first + k; r < length; r++, to += count)
        out[to] = weights[base + (entries[base + r] & mask)] + 0
    }
    return
  }
  let to = first
  for (let r = 0; r < length; r++) {
    out[to] = weights0[order0[r] & mask] + 0
    out[(to + 1) | 0] = weights1[order1[r] & mask] + 0
    out[(to + 2) | 0] = weights2[order2[r] & mask] + 0
    out[(to + 3) | 0] = weights3[order3[r] & mask] + 0
    to = (to + count) | 0
  }
}

/** Copy the group back into columns `first .. first + columns - 1` of a row-major matrix. */
export const scatterGroup = (
  out: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
): void => {
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++)
      for (let i = 0, from = k * COLUMN_PITCH, to = first + k; i < length; i++, to += count)
        out[to] = weights[from + i]
    return
  }
  let to = first
  for (let i = 0; i < length; i++) {
    out[to] = weights0[i]
    out[(to + 1) | 0] = weights1[i]
    out[(to + 2) | 0] = weights2[i]
    out[(to + 3) | 0] = weights3[i]
    to = (to + count) | 0
  }
}

/** As {@link scatterGroup}, for ranks. A function of its own so that each sees one kind of array and stays fast. */
export const scatterRanks = (
  out: Uint32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
): void => {
  if (columns < GROUP_COLUMNS) {
    for (let k = 0; k < columns; k++) {
      for (let i = 0, from = k * COLUMN_PITCH, to = first + k; i < length; i++, to += count)
        out[to] = words[from + i]
    }
    return
  }
  let to = first
  for (let i = 0; i < length; i++) {
    out[to] = words0[i]
    out[(to + 1) | 0] = words1[i]
    out[(to + 2) | 0] = words2[i]
    out[(to + 3) | 0] = words3[i]
    to = (to + count) | 0
  }
}
