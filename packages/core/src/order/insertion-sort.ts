/**
 * Insertion sort of a short weight vector: it needs no counters.
 */
import { columnMemory } from './column-memory.ts'
import { orderKey } from './order-keys.ts'

// Constants of this module: see column-memory.ts.
const { words, entries } = columnMemory

/** Up to this length insertion is faster than a bucket sort; measured. */
export const MAX_SHORT_LENGTH = 4

/** Longest vector that this takes: up to there insertion is faster than a radix sort; measured. A power of 2. */
export const MAX_INSERTION_LENGTH = 64

/** Order keys above indices, in one number each, so that equal keys keep their order and one move moves both. */
const packed = new Float64Array(MAX_INSERTION_LENGTH)

/**
 * Stable sort of a column by its order keys; writes indices at the column's place among the orders.
 *
 * @param base where the column starts.
 * @param length weights, from 1 to {@link MAX_INSERTION_LENGTH}.
 */
export const insertionSort = (base: number, length: number): void => {
  packed[0] = orderKey(words[base]) * MAX_INSERTION_LENGTH
  for (let i = 1; i < length; i++) {
    const key = orderKey(words[base + i]) * MAX_INSERTION_LENGTH + i
    let to = i
    while (to > 0 && packed[to - 1] > key) {
      packed[to] = packed[to - 1]
      to--
    }
    packed[to] = key
  }
  for (let r = 0; r < length; r++) entries[base + r] = packed[r] & (MAX_INSERTION_LENGTH - 1)
}
