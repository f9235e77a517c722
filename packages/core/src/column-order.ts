/**
 * The order of one weight vector: which weight is smallest, which comes next, with ties by index.
 *
 * Entries are sorted by narrow slices of the vector's range (entry-order.ts); neighbours that these leave in doubt are compared (settle-order.ts).
 * When there are many, a sort by their bits takes over (exact-order.ts), so that no input is slow.
 */
import { columnMemory, columnPitch, indexBits } from './column-memory.ts'
import { orderEntries, scaleColumn } from './entry-order.ts'
import { orderExactly } from './exact-order.ts'
import { settle } from './settle-order.ts'

// Constants of this module: see column-memory.ts.
const { entries, lowest, highest } = columnMemory

/** Order a column of the group; where the order is left is told at `orderColumns`. */
export const orderColumn = (column: number, length: number): void => {
  const base = column * columnPitch(length)
  if (highest[column] === lowest[column]) {
    for (let i = 0; i < length; i++) entries[base + i] = i
    return
  }
  const isSettled =
    scaleColumn(column) && orderEntries(column, length) && settle(base, length, 1 << indexBits(length))
  if (!isSettled) orderExactly(base, length)
}
