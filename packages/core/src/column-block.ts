/**
 * Move blocks of columns between a row-major matrix and contiguous memory, a few cache lines at a time.
 *
 * The whole matrix is never transposed: a block is small enough to stay in the cache while its columns are worked on.
 */
import type { SyncScratch } from './sync-scratch.ts'

/**
 * Copy columns `first .. first + columns - 1` into `scratch.columns`, and note each one's smallest and largest value.
 *
 * @param values row-major `[length, count]`, without NaN.
 * @param pitch distance between two columns in `scratch.columns`.
 */
export const gatherColumns = (
  values: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
  pitch: number,
  scratch: SyncScratch,
): void => {
  const { columns: block, lowest, highest } = scratch
  let k = 0
  for (; k + 3 < columns; k += 4) {
    const to0 = k * pitch
    const to1 = to0 + pitch
    const to2 = to1 + pitch
    const to3 = to2 + pitch
    let from = first + k
    let low0 = values[from]
    let low1 = values[from + 1]
    let low2 = values[from + 2]
    let low3 = values[from + 3]
    let high0 = low0
    let high1 = low1
    let high2 = low2
    let high3 = low3
    for (let i = 0; i < length; i++, from += count) {
      const v0 = values[from]
      const v1 = values[from + 1]
      const v2 = values[from + 2]
      const v3 = values[from + 3]
      block[to0 + i] = v0
      block[to1 + i] = v1
      block[to2 + i] = v2
      block[to3 + i] = v3
      if (v0 < low0) low0 = v0
      else if (v0 > high0) high0 = v0
      if (v1 < low1) low1 = v1
      else if (v1 > high1) high1 = v1
      if (v2 < low2) low2 = v2
      else if (v2 > high2) high2 = v2
      if (v3 < low3) low3 = v3
      else if (v3 > high3) high3 = v3
    }
    lowest[k] = low0
    lowest[k + 1] = low1
    lowest[k + 2] = low2
    lowest[k + 3] = low3
    highest[k] = high0
    highest[k + 1] = high1
    highest[k + 2] = high2
    highest[k + 3] = high3
  }
  for (; k < columns; k++) {
    const to = k * pitch
    let from = first + k
    let low = values[from]
    let high = low
    for (let i = 0; i < length; i++, from += count) {
      const v = values[from]
      block[to + i] = v
      if (v < low) low = v
      else if (v > high) high = v
    }
    lowest[k] = low
    highest[k] = high
  }
}

/**
 * Copy columns `first .. first + columns - 1` of theta_sorted into contiguous memory.
 *
 * Reading them in place, one column after the other, would be slow where rows are 2^k bytes apart (64 to 512 neurons): all rows
 * of a column then compete for a few cache sets.
 */
export const copyColumns = (
  values: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
  pitch: number,
  block: Float32Array,
): void => {
  let k = 0
  for (; k + 3 < columns; k += 4) {
    const to0 = k * pitch
    const to1 = to0 + pitch
    const to2 = to1 + pitch
    const to3 = to2 + pitch
    for (let i = 0, from = first + k; i < length; i++, from += count) {
      block[to0 + i] = values[from]
      block[to1 + i] = values[from + 1]
      block[to2 + i] = values[from + 2]
      block[to3 + i] = values[from + 3]
    }
  }
  for (; k < columns; k++) {
    for (let i = 0, to = k * pitch, from = first + k; i < length; i++, from += count)
      block[to + i] = values[from]
  }
}

/** Copy a block of columns back into columns `first .. first + columns - 1` of a row-major float32 matrix. */
export const scatterColumns = (
  block: Float32Array,
  out: Float32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
  pitch: number,
): void => {
  let k = 0
  for (; k + 3 < columns; k += 4) {
    const from0 = k * pitch
    const from1 = from0 + pitch
    const from2 = from1 + pitch
    const from3 = from2 + pitch
    for (let i = 0, to = first + k; i < length; i++, to += count) {
      out[to] = block[from0 + i]
      out[to + 1] = block[from1 + i]
      out[to + 2] = block[from2 + i]
      out[to + 3] = block[from3 + i]
    }
  }
  for (; k < columns; k++) {
    for (let i = 0, from = k * pitch, to = first + k; i < length; i++, to += count) out[to] = block[from + i]
  }
}

/** As {@link scatterColumns}, for ranks. A function of its own so that each sees one kind of array and stays fast. */
export const scatterRankColumns = (
  block: Uint32Array,
  out: Uint32Array,
  length: number,
  count: number,
  first: number,
  columns: number,
  pitch: number,
): void => {
  for (let k = 0; k < columns; k++) {
    for (let i = 0, from = k * pitch, to = first + k; i < length; i++, to += count) out[to] = block[from + i]
  }
}
