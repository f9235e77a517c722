/**
 * The operations on vectors too long for column-memory.ts, and on matrices too large for indices of 32 bits: a column after the other, in memory of
 * the call's own. No network of the paper has such.
 */

import type { WeightVectors, WeightVectorsSize } from '../weight-vectors.ts'
import { MAX_LENGTH } from './column-memory.ts'
import { orderKey } from './order-keys.ts'

/** Elements that an integer of 32 bits can index: the loops of column-group.ts use such. */
const MAX_INDEXED = 0x7fff_ffff

/** Whether a matrix is left to {@link forOrders}. */
export const isLong = ({ length, count }: WeightVectorsSize): boolean =>
  length > MAX_LENGTH || length * count > MAX_INDEXED

const DIGIT_BITS = 11
const DIGIT_MASK = (1 << DIGIT_BITS) - 1

/** Positions behind the counted ones. */
const startsOfDigit = (keys: Uint32Array, shift: number): Uint32Array => {
  const starts = new Uint32Array(DIGIT_MASK + 2)
  for (const key of keys) starts[((key >>> shift) & DIGIT_MASK) + 1]++
  for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1]
  return starts
}

/** Indices in the order of their keys, ties by index: three counting passes. */
const orderOfKeys = (keys: Uint32Array): Uint32Array => {
  let order = Uint32Array.from(keys, (_, i) => i)
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = startsOfDigit(keys, shift)
    const next = new Uint32Array(keys.length)
    for (const index of order) next[starts[(keys[index] >>> shift) & DIGIT_MASK]++] = index
    order = next
  }
  return order
}

/**
 * Call back with every column's order.
 *
 * @param use receives the column, its weights (a copy), and its order: `order[r]` is the index of the weight with rank `r`.
 */
export const forOrders = (
  { values, length, count }: WeightVectors,
  use: (column: number, weights: Float32Array, order: Uint32Array) => void,
): void => {
  for (let column = 0; column < count; column++) {
    const weights = Float32Array.from({ length }, (_, i) => values[i * count + column])
    use(column, weights, orderOfKeys(new Uint32Array(weights.buffer).map(orderKey)))
  }
}
