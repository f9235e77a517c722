/**
 * The orders of a group's weight vectors, two at a time where there are two.
 */
import { orderColumn } from './column-order.ts'
import { canOrderPairs, orderPair } from './pair-order.ts'

/**
 * Order the columns of the group in {@link columnMemory}: afterwards `entries[columnPitch(length) * column + r] & mask` is the index of the weight
 * with rank `r`, where `mask = 2^indexBits(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index. About 6 ns a weight; some three times that for values spread over many magnitudes.
 *
 * @param columns how many, 1 to 4.
 * @param length weights in each, from 1 to `MAX_LENGTH`.
 */
export const orderColumns = (columns: number, length: number): void => {
  let column = 0
  if (canOrderPairs(length)) for (; column + 1 < columns; column += 2) orderPair(column, length)
  for (; column < columns; column++) orderColumn(column, length)
}
