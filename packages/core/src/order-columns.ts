/**
 * The orders of a group's weight vectors: all four at once where there are four.
 */
import { COLUMN_PITCH, GROUP_COLUMNS } from './column-memory.ts'
import { orderColumn } from './column-order.ts'
import { orderFour } from './four-orders.ts'
import { MAX_SHORT_LENGTH, orderByInsertion } from './short-order.ts'

/**
 * Order the columns of the group in the memory of column-memory.ts: afterwards `entries[COLUMN_PITCH * column + r] & mask` is the index of the weight
 * with rank `r`, where `mask = sliceOf(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index. About 5 ns a weight; some three times that for values spread over many magnitudes.
 *
 * @param columns how many, 1 to 4.
 * @param length weights in each, from 1 to `MAX_LENGTH`.
 */
export const orderColumns = (columns: number, length: number): void => {
  if (length <= MAX_SHORT_LENGTH)
    for (let column = 0; column < columns; column++) orderByInsertion(column * COLUMN_PITCH, length)
  else if (columns === GROUP_COLUMNS) orderFour(length)
  else for (let column = 0; column < columns; column++) orderColumn(column, length)
}
