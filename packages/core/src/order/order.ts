/**
 * The fast order: the one door to this folder. Operations import from here, and nothing here knows an operation.
 *
 * What it computes is `reference/order.ts`, bit for bit: ascending, -0 equal to +0, equal weights by index. How:
 *
 * | weights | sort | file |
 * |---|---|---|
 * | a vector of up to `MAX_SHORT_LENGTH` | insertion sort | insertion-sort.ts |
 * | four neighbouring vectors, or what is left of four | bucket sort, then insertion within buckets | bucket-sort-four.ts, bucket-sort.ts, insert-neighbours.ts |
 * | so uneven that buckets do not separate them | radix sort by digits of 8 bits | radix-sort-four.ts, radix-sort.ts |
 * | a vector longer than `MAX_LENGTH` | radix sort in memory of the call's own | long-vectors.ts |
 *
 * Four neighbouring columns of the row-major matrix are a column group (column-group.ts). They are copied to contiguous memory
 * (column-memory.ts), ordered there, and written back.
 *
 * What tunes V8, and why. Each of these was measured; keep them when a loop is changed.
 *
 * - **Arrays are constants of the module.** V8 then compiles an access to a comparison and an instruction. For an array that comes as an argument it
 *   looks up kind, length and address in every round of a loop. A number that a loop needs is bound to a constant too: an imported one is read again in
 *   every round.
 * - **Vectors four at a time.** A counter serves two vectors, in its low and its high half, so counters of four vectors are cleared and summed in the
 *   time of two. While an access to one vector's counter waits for the last one to be written, the other vectors' accesses go on.
 * - **Each column is an array by itself, all of one length, read with one index.** V8 makes one comparison with the length for all four.
 * - **A bucket is an entry shifted by a constant,** whatever the length.
 * - **Passes are functions in a list, called from one place.** V8 compiles each by itself. Inlined into one function they have more variables than the
 *   processor has registers.
 * - **Numbers that depend on the length are handed to the passes.** A pass is compiled after so few calls that V8 knows nothing yet about a function
 *   that would work them out, and gives up on the pass when it gets there.
 * - **No loop within a loop** in a pass: V8 does not know the arrays in the inner one.
 * - **Neighbours to compare are listed without a branch.** A branch at every entry would be guessed wrong at most of those that are listed.
 * - **Indices are made integers of 32 bits** (`| 0`), which saves a check for overflow.
 * - **Counters that are used together do not lie a multiple of 4096 bytes apart:** the processor would wait for writes that it takes for others.
 */
import { bucketSort } from './bucket-sort.ts'
import { bucketSortFour } from './bucket-sort-four.ts'
import { COLUMN_PITCH, GROUP_COLUMNS } from './column-memory.ts'
import { insertionSort, MAX_SHORT_LENGTH } from './insertion-sort.ts'

export {
  gatherGroup,
  placeRanks,
  placeSorted,
  scatterGroup,
  scatterRanks,
  scatterSorted,
} from './column-group.ts'
export { GROUP_COLUMNS } from './column-memory.ts'
export { forOrders, isLong } from './long-vectors.ts'

/**
 * Order the columns of the group in the memory of column-memory.ts: afterwards `entries[COLUMN_PITCH * column + r] & mask` is the index of the weight
 * with rank `r`, where `mask = sliceOf(length) - 1`.
 *
 * Ascending, -0 equals +0, ties by index.
 *
 * @param columns how many, 1 to 4.
 * @param length weights in each, from 1 to `MAX_LENGTH`.
 */
export const orderColumns = (columns: number, length: number): void => {
  if (length <= MAX_SHORT_LENGTH)
    for (let column = 0; column < columns; column++) insertionSort(column * COLUMN_PITCH, length)
  else if (columns === GROUP_COLUMNS) bucketSortFour(length)
  else for (let column = 0; column < columns; column++) bucketSort(column, length)
}
