/**
 * The order of one weight vector by the bits of its weights: the same few passes whatever the values are.
 *
 * This is the floor under the sort by slices: used when values are so unevenly spread that slices do not separate them.
 */
import { columnMemory, SPARE_BASE } from './column-memory.ts'
import { bitsOfKey, orderKey } from './order-keys.ts'
import { MAX_INSERTION_LENGTH, orderByInsertion } from './short-order.ts'

// Constants of this module: see column-memory.ts.
const { words: keys, entries, counts } = columnMemory

type Pass = (base: number, length: number) => void

const DIGIT_BITS = 8
const DIGITS = 1 << DIGIT_BITS
const DIGIT_MASK = DIGITS - 1

/** Keys take the place of a column's weights, their four digits are counted, and indices written. */
const writeKeys: Pass = (base, length) => {
  counts.fill(0, 0, 4 * DIGITS)
  for (let i = 0; i < length; i++) {
    const key = orderKey(keys[base + i])
    keys[base + i] = key
    entries[base + i] = i
    counts[key & DIGIT_MASK]++
    counts[DIGITS + ((key >>> 8) & DIGIT_MASK)]++
    counts[2 * DIGITS + ((key >>> 16) & DIGIT_MASK)]++
    counts[3 * DIGITS + (key >>> 24)]++
  }
}

/** Move the indices at `from` to the positions of a digit of their keys, which are at `base`, behind `to`, stable. */
const placeByDigit = (base: number, digit: number, from: number, to: number, length: number): void => {
  const first = digit * DIGITS
  let position = to
  for (let c = first, end = first + DIGITS; c < end; c++) {
    const withDigit = counts[c]
    counts[c] = position
    position = (position + withDigit) | 0
  }
  const shift = digit * DIGIT_BITS
  for (let p = from, end = from + length; p < end; p++) {
    const index = entries[p]
    const c = first + ((keys[(base + index) | 0] >>> shift) & DIGIT_MASK)
    const next = counts[c]
    counts[c] = next + 1
    entries[next] = index
  }
}

/** Weights again; every zero is +0 then. */
const writeWeights: Pass = (base, length) => {
  for (let p = base, end = base + length; p < end; p++) keys[p] = bitsOfKey(keys[p])
}

/** The low digit first; the last pass ends at the column's place among the orders. Called as those of four-orders.ts. */
const passes: readonly Pass[] = [
  writeKeys,
  (base, length) => placeByDigit(base, 0, base, SPARE_BASE, length),
  (base, length) => placeByDigit(base, 1, SPARE_BASE, base, length),
  (base, length) => placeByDigit(base, 2, base, SPARE_BASE, length),
  (base, length) => placeByDigit(base, 3, SPARE_BASE, base, length),
  writeWeights,
]

/**
 * Stable sort of a column by its order keys; writes indices at the column's place among the orders. Takes spare columns.
 *
 * A counting pass for each of four digits, or insertion for a short vector. About 14 ns a weight, 22 where numbers differ from call to call.
 *
 * @param base where the column starts.
 */
export const orderExactly = (base: number, length: number): void => {
  if (length <= MAX_INSERTION_LENGTH) orderByInsertion(base, length)
  else for (let pass = 0; pass < passes.length; pass++) passes[pass](base, length)
}
