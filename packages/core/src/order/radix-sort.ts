/**
 * Radix sort of one weight vector by the bits of its weights: the same few passes whatever the values are.
 *
 * The fallback of the bucket sort, for values so unevenly spread that slices do not separate them.
 */
import { columnMemory, SCRATCH_BASE } from './column-memory.ts'
import { insertionSort, MAX_INSERTION_LENGTH } from './insertion-sort.ts'
import { bitsOfKey, orderKey } from './order-keys.ts'

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

/** The low digit first; the last pass ends at the column's place among the orders. Called as those of bucket-sort-four.ts. */
const passes: readonly Pass[] = [
  writeKeys,
  (base, length) => placeByDigit(base, 0, base, SCRATCH_BASE, length),
  (base, length) => placeByDigit(base, 1, SCRATCH_BASE, base, length),
  (base, length) => placeByDigit(base, 2, base, SCRATCH_BASE, length),
  (base, length) => placeByDigit(base, 3, SCRATCH_BASE, base, length),
  writeWeights,
]

/**
 * Stable sort of a column by its order keys; writes indices at the column's place among the orders. Overwrites scratch columns.
 *
 * A counting pass for each of four digits, or insertion for a short vector.
 *
 * @param base where the column starts.
 */
export const radixSort = (base: number, length: number): void => {
  if (length <= MAX_INSERTION_LENGTH) insertionSort(base, length)
  else for (let pass = 0; pass < passes.length; pass++) passes[pass](base, length)
}
