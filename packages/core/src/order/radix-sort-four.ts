/**
 * Radix sort of four neighbouring weight vectors by the bits of their weights: the same few passes whatever the values are.
 *
 * The fallback of the bucket sort (bucket-sort-four.ts), for values so unevenly spread that slices do not separate them. Counting passes by four digits
 * of 8 bits, the low one first.
 */
import { COLUMN_PITCH, columnMemory, DIGIT_COUNTERS, SCRATCH_BASE } from './column-memory.ts'
import { insertionSort } from './insertion-sort.ts'
import { bitsOfKey, orderKey } from './order-keys.ts'

// Constants of this module: see column-memory.ts.
const [keys0, keys1, keys2, keys3] = columnMemory.wordColumns
const [counts0, counts1, counts2, counts3] = columnMemory.digitCounts
const [order0, order1, order2, order3] = columnMemory.orderColumns
const [scratch0, scratch1, scratch2, scratch3] = columnMemory.scratchColumns

const COUNTERS = DIGIT_COUNTERS
const DIGITS = 256
const DIGIT_MASK = DIGITS - 1

type Pass = (length: number) => void

const countDigits = (key: number, counters: Int32Array): void => {
  counters[key & DIGIT_MASK]++
  counters[DIGITS + ((key >>> 8) & DIGIT_MASK)]++
  counters[2 * DIGITS + ((key >>> 16) & DIGIT_MASK)]++
  counters[3 * DIGITS + (key >>> 24)]++
}

/** Keys take the place of weights, and their digits are counted. */
const writeKeys: Pass = (length) => {
  for (const counters of columnMemory.digitCounts) counters.fill(0)
  for (let i = 0; i < length; i++) {
    const key0 = orderKey(keys0[i])
    keys0[i] = key0
    countDigits(key0, counts0)
    const key1 = orderKey(keys1[i])
    keys1[i] = key1
    countDigits(key1, counts1)
    const key2 = orderKey(keys2[i])
    keys2[i] = key2
    countDigits(key2, counts2)
    const key3 = orderKey(keys3[i])
    keys3[i] = key3
    countDigits(key3, counts3)
  }
}

/** Counts become positions, for each digit from 0 on. One loop, since V8 does not know the arrays in an inner one. */
const sumCounts: Pass = () => {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let c = 0; c < COUNTERS; c++) {
    if ((c & DIGIT_MASK) === 0) {
      sum0 = 0
      sum1 = 0
      sum2 = 0
      sum3 = 0
    }
    const withDigit0 = counts0[c]
    counts0[c] = sum0
    sum0 = (sum0 + withDigit0) | 0
    const withDigit1 = counts1[c]
    counts1[c] = sum1
    sum1 = (sum1 + withDigit1) | 0
    const withDigit2 = counts2[c]
    counts2[c] = sum2
    sum2 = (sum2 + withDigit2) | 0
    const withDigit3 = counts3[c]
    counts3[c] = sum3
    sum3 = (sum3 + withDigit3) | 0
  }
}

/** Indices to the scratch columns by their keys' first digit. */
const placeFirst: Pass = (length) => {
  for (let i = 0; i < length; i++) {
    scratch0[counts0[keys0[i] & DIGIT_MASK]++] = i
    scratch1[counts1[keys1[i] & DIGIT_MASK]++] = i
    scratch2[counts2[keys2[i] & DIGIT_MASK]++] = i
    scratch3[counts3[keys3[i] & DIGIT_MASK]++] = i
  }
}

/** From the scratch columns to the orders by digit `d`, stable. */
const placeInOrders = (d: number, length: number): void => {
  const first = d * DIGITS
  const shift = 8 * d
  for (let p = 0; p < length; p++) {
    const index0 = scratch0[p]
    order0[counts0[first | ((keys0[index0] >>> shift) & DIGIT_MASK)]++] = index0
    const index1 = scratch1[p]
    order1[counts1[first | ((keys1[index1] >>> shift) & DIGIT_MASK)]++] = index1
    const index2 = scratch2[p]
    order2[counts2[first | ((keys2[index2] >>> shift) & DIGIT_MASK)]++] = index2
    const index3 = scratch3[p]
    order3[counts3[first | ((keys3[index3] >>> shift) & DIGIT_MASK)]++] = index3
  }
}

/** `placeInOrders` the other way, by the third digit: a function of its own, since V8 does not know arrays that change places. */
const placeInScratch: Pass = (length) => {
  const first = 2 * DIGITS
  for (let p = 0; p < length; p++) {
    const index0 = order0[p]
    scratch0[counts0[first | ((keys0[index0] >>> 16) & DIGIT_MASK)]++] = index0
    const index1 = order1[p]
    scratch1[counts1[first | ((keys1[index1] >>> 16) & DIGIT_MASK)]++] = index1
    const index2 = order2[p]
    scratch2[counts2[first | ((keys2[index2] >>> 16) & DIGIT_MASK)]++] = index2
    const index3 = order3[p]
    scratch3[counts3[first | ((keys3[index3] >>> 16) & DIGIT_MASK)]++] = index3
  }
}

/** Weights again; every zero is +0 then. */
const writeWeights: Pass = (length) => {
  for (let i = 0; i < length; i++) {
    keys0[i] = bitsOfKey(keys0[i])
    keys1[i] = bitsOfKey(keys1[i])
    keys2[i] = bitsOfKey(keys2[i])
    keys3[i] = bitsOfKey(keys3[i])
  }
}

/** Called as those of bucket-sort-four.ts. */
const passes: readonly Pass[] = [
  writeKeys,
  sumCounts,
  placeFirst,
  (length) => placeInOrders(1, length),
  placeInScratch,
  (length) => placeInOrders(3, length),
  writeWeights,
]

/** Up to this length four insertions are faster than clearing and summing so many counters; measured. */
const MAX_FOUR_INSERTIONS = 32

/** Stable sort of the four columns by their order keys; writes indices at the columns' places among the orders. Overwrites the scratch columns. */
export const radixSortFour = (length: number): void => {
  if (length > MAX_FOUR_INSERTIONS) for (let pass = 0; pass < passes.length; pass++) passes[pass](length)
  else for (let base = 0; base < SCRATCH_BASE; base += COLUMN_PITCH) insertionSort(base, length)
}
