/**
 * Copy columns between a row-major matrix and the kernel's memory: many columns as whole rows, few columns as groups of four.
 *
 * Where the matrix begins at 8 bytes two 32-bit values are copied as one float64, which halves loads, checks and stores. Only a NaN could change
 * its bits on the way, and matrices with NaN are refused before.
 */
import { type BlockPlan, GROUP_COLUMNS } from './block-plan.ts'
import { gatherPairs, gatherUnpaired, type PairRange, spreadPairs, spreadUnpaired } from './group-copy.ts'
import type { KernelInstance } from './kernel.ts'
import {
  pairRowsIn,
  pairRowsOut,
  type RowRange,
  setRowsIn,
  setRowsOut,
  splitRange,
  wordRowsIn,
  wordRowsOut,
} from './row-copy.ts'

/** A matrix of 32-bit values as words, as pairs where its place in memory allows that, and as a view that reads pairs anywhere. */
export interface CopySide {
  readonly words: Uint32Array
  readonly pairs: Float64Array | null
  readonly view: DataView
  readonly count: number
}

/** Whether two values of an array can be moved as one: it begins at 8 bytes. */
export const isPaired = ({ byteOffset }: Float32Array | Uint32Array): boolean => byteOffset % 8 === 0

/** View a row-major matrix for copying. No copy is made. */
export const copySide = (values: Float32Array | Uint32Array, count: number): CopySide => {
  const { buffer, byteOffset, length } = values
  return {
    words: new Uint32Array(buffer, byteOffset, length),
    pairs: isPaired(values) ? new Float64Array(buffer, byteOffset, length >> 1) : null,
    view: new DataView(buffer, byteOffset, 4 * length),
    count,
  }
}

/** Which columns of a matrix lie where in the kernel's memory. */
export interface CopyRange extends Pick<BlockPlan, 'stride' | 'groupBytes'> {
  /** A multiple of two. */
  readonly first: number
  readonly columns: number
  readonly rows: number
  readonly address: number
}

/** From this many columns on `TypedArray.set` copies rows faster than a loop over pairs does; measured. */
const MIN_SET_COLUMNS = 256

const rowRange = ({ first, columns, rows, address, stride }: CopyRange, count: number): RowRange => ({
  first,
  columns,
  rows,
  count,
  address: address / 4,
  stride: stride / 4,
})

const rowsIn = (kernel: KernelInstance, { words, pairs }: CopySide, range: RowRange): void => {
  if (pairs === null || range.columns >= MIN_SET_COLUMNS) setRowsIn(words, kernel.words, range)
  else {
    const [paired, rest] = splitRange(range)
    if (paired.columns > 0) pairRowsIn(pairs, kernel.pairs, paired)
    wordRowsIn(words, kernel.words, rest)
  }
}

const rowsOut = (kernel: KernelInstance, { words, pairs }: CopySide, range: RowRange): void => {
  if (pairs === null || range.columns >= MIN_SET_COLUMNS) setRowsOut(kernel.words, words, range)
  else {
    const [paired, rest] = splitRange(range)
    if (paired.columns > 0) pairRowsOut(kernel.pairs, kernel.words, pairs, words, paired)
    wordRowsOut(kernel.words, words, rest)
  }
}

/** The whole groups of a range, as pairs. */
const pairRange = ({ first, columns, rows, address, groupBytes }: CopyRange, count: number): PairRange => ({
  first: first / 2,
  rowPairs: count / 2,
  rows,
  groups: Math.floor(columns / GROUP_COLUMNS),
  address: address / 8,
  groupPairs: groupBytes / 8,
})

/** Groups of a range from a column on, each by itself; the last may have fewer columns. */
const forGroups = (range: CopyRange, count: number, from: number, body: (group: RowRange) => void): void => {
  for (let column = from; column < range.columns; column += GROUP_COLUMNS) {
    const address = range.address + (column / GROUP_COLUMNS) * range.groupBytes
    const columns = Math.min(GROUP_COLUMNS, range.columns - column)
    body(rowRange({ ...range, first: range.first + column, columns, address }, count))
  }
}

/** How many columns of a range, whole groups, are copied as pairs; the others are copied word by word. */
const pairedColumns = ({ pairs, count }: CopySide, { columns }: CopyRange): number =>
  pairs === null || count % 2 === 1 ? 0 : columns - (columns % GROUP_COLUMNS)

/** Groups lie by themselves; otherwise rows lie side by side. */
const isGrouped = ({ stride }: CopyRange): boolean => stride === 4 * GROUP_COLUMNS

/** Copy columns of a matrix into the kernel's memory. */
export const copyIn = (kernel: KernelInstance, side: CopySide, range: CopyRange): void => {
  const { words, pairs, view, count } = side
  if (!isGrouped(range)) {
    rowsIn(kernel, side, rowRange(range, count))
    return
  }
  const paired = pairedColumns(side, range)
  if (pairs !== null && paired > 0) gatherPairs(pairs, kernel.pairs, pairRange(range, count))
  forGroups(range, count, paired, (group) => {
    if (group.columns < GROUP_COLUMNS) wordRowsIn(words, kernel.words, group)
    else gatherUnpaired(view, 4 * group.first, 4 * count, kernel.pairs, group.address / 2, group.rows)
  })
}

/** Copy columns back from the kernel's memory into a matrix. */
export const copyOut = (kernel: KernelInstance, side: CopySide, range: CopyRange): void => {
  const { words, pairs, view, count } = side
  if (!isGrouped(range)) {
    rowsOut(kernel, side, rowRange(range, count))
    return
  }
  const paired = pairedColumns(side, range)
  if (pairs !== null && paired > 0) spreadPairs(pairs, kernel.pairs, pairRange(range, count))
  forGroups(range, count, paired, (group) => {
    if (group.columns < GROUP_COLUMNS) wordRowsOut(kernel.words, words, group)
    else spreadUnpaired(kernel.pairs, group.address / 2, view, 4 * group.first, 4 * count, group.rows)
  })
}
