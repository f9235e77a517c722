/**
 * The order of one weight vector: which weight is smallest, which comes next, with ties by index.
 *
 * Entries are sorted by narrow slices of the vector's range (entry-order.ts); neighbours that these leave in doubt are compared (settle-order.ts).
 * When there are many, a sort by their bits takes over (exact-order.ts), so that no input is slow.
 */
import { COLUMN_PITCH, SPARE_BASE, sliceOf } from './column-memory.ts'
import { bucketsOf, orderEntries, scaleColumn } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'
import { listDoubts, settle } from './settle-order.ts'

/** Order a column of the group; where the order is left is told at `orderColumns`. Takes the spare columns. */
export const orderColumn = (column: number, length: number): void => {
  const base = column * COLUMN_PITCH
  const slice = sliceOf(length)
  const isSettled =
    scaleColumn(column, bucketsOf(length)) &&
    orderEntries(column, length) &&
    settle(base, length, slice, SPARE_BASE, listDoubts(base, length, slice, SPARE_BASE))
  if (!isSettled) orderExactly(base, length)
}
