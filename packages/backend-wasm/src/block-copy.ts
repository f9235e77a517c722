/**
 * Copy columns between a row-major matrix and the kernel's memory: rows of many columns as they are, few columns in groups of four.
 *
 * Two 32-bit values are moved as one 64-bit number where the matrix allows it: half the loads, checks and stores. Bits are moved, never
 * computed with; only a NaN could lose its payload, and NaN is refused before.
 */
import { GROUP_COLUMNS } from './block-plan.ts'
import type { KernelInstance } from './kernel.ts'
import { gatherPairs, type PairRange, spreadPairs } from './pair-copy.ts'

/** A matrix of 32-bit values as words, and as pairs where its place in memory and its row length allow that. */
export interface CopySide {
  readonly words: Uint32Array
  readonly pairs: Float64Array | null
  readonly count: number
}

/** View a row-major matrix for copying. No copy is made. */
export const copySide = (values: Float32Array | Uint32Array, count: number): CopySide => {
  const { buffer, byteOffset, length } = values
  return {
    words: new Uint32Array(buffer, byteOffset, length),
    pairs: count % 2 === 0 && byteOffset % 8 === 0 ? new Float64Array(buffer, byteOffset, length / 2) : null,
    count,
  }
}

/** Which columns of a matrix lie where in the kernel's memory; see `BlockPlan`. */
export interface CopyRange {
  /** A multiple of two. */
  readonly first: number
  readonly columns: number
  readonly rows: number
  readonly address: number
  readonly stride: number
  readonly groupBytes: number
}

/** Rows of one group, word by word. */
const gatherWords = (
  matrix: Uint32Array,
  start: number,
  rowWords: number,
  memory: Uint32Array,
  address: number,
  rows: number,
): void => {
  let from = start
  for (let to = address, end = address + 4 * rows; to < end; to += 4) {
    memory[to] = matrix[from]
    memory[to + 1] = matrix[from + 1]
    memory[to + 2] = matrix[from + 2]
    memory[to + 3] = matrix[from + 3]
    from += rowWords
  }
}

const spreadWords = (
  memory: Uint32Array,
  address: number,
  matrix: Uint32Array,
  start: number,
  rowWords: number,
  rows: number,
): void => {
  let to = start
  for (let from = address, end = address + 4 * rows; from < end; from += 4) {
    matrix[to] = memory[from]
    matrix[to + 1] = memory[from + 1]
    matrix[to + 2] = memory[from + 2]
    matrix[to + 3] = memory[from + 3]
    to += rowWords
  }
}

/** The last group of a matrix, which may have fewer columns. */
const gatherRest = (matrix: Uint32Array, count: number, memory: Uint32Array, range: CopyRange): void => {
  const { first, columns, rows, address } = range
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      memory[address / 4 + GROUP_COLUMNS * row + column] = matrix[row * count + first + column]
}

const spreadRest = (memory: Uint32Array, matrix: Uint32Array, count: number, range: CopyRange): void => {
  const { first, columns, rows, address } = range
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      matrix[row * count + first + column] = memory[address / 4 + GROUP_COLUMNS * row + column]
}

/** The whole groups of a range, as pairs; how many columns that are. */
const pairRange = ({ first, columns, rows, address, groupBytes }: CopyRange, count: number): PairRange => ({
  first: first / 2,
  rowPairs: count / 2,
  rows,
  groups: Math.floor(columns / GROUP_COLUMNS),
  address: address / 8,
  groupPairs: groupBytes / 8,
})

/** One group of a range by itself. */
const groupAt = (range: CopyRange, column: number): CopyRange => ({
  ...range,
  first: range.first + column,
  columns: Math.min(GROUP_COLUMNS, range.columns - column),
  address: range.address + (column / GROUP_COLUMNS) * range.groupBytes,
})

/** Groups of a range from a column on. */
const forGroups = (range: CopyRange, from: number, body: (group: CopyRange) => void): void => {
  for (let column = from; column < range.columns; column += GROUP_COLUMNS) body(groupAt(range, column))
}

/** Columns of whole groups that are copied as pairs; the others are copied word by word. */
const pairedColumns = (pairs: Float64Array | null, { columns }: CopyRange): number =>
  pairs === null ? 0 : columns - (columns % GROUP_COLUMNS)

/** Groups lie by themselves; otherwise rows lie side by side and are copied as they are. */
const isGrouped = ({ stride }: CopyRange): boolean => stride === 4 * GROUP_COLUMNS

const rowsIn = (matrix: Uint32Array, count: number, memory: Uint32Array, range: CopyRange): void => {
  const { first, columns, rows, address, stride } = range
  for (let row = 0; row < rows; row++) {
    const from = row * count + first
    memory.set(matrix.subarray(from, from + columns), (address + row * stride) / 4)
  }
}

const rowsOut = (memory: Uint32Array, matrix: Uint32Array, count: number, range: CopyRange): void => {
  const { first, columns, rows, address, stride } = range
  for (let row = 0; row < rows; row++) {
    const from = (address + row * stride) / 4
    matrix.set(memory.subarray(from, from + columns), row * count + first)
  }
}

/** Copy columns of a matrix into the kernel's memory. */
export const copyIn = (kernel: KernelInstance, { words, pairs, count }: CopySide, range: CopyRange): void => {
  if (!isGrouped(range)) {
    rowsIn(words, count, kernel.words, range)
    return
  }
  if (pairs !== null) gatherPairs(pairs, kernel.pairs, pairRange(range, count))
  forGroups(range, pairedColumns(pairs, range), (group) => {
    const { first, columns, rows, address } = group
    if (columns < GROUP_COLUMNS) gatherRest(words, count, kernel.words, group)
    else gatherWords(words, first, count, kernel.words, address / 4, rows)
  })
}

/** Copy columns back from the kernel's memory into a matrix. */
export const copyOut = (
  kernel: KernelInstance,
  { words, pairs, count }: CopySide,
  range: CopyRange,
): void => {
  if (!isGrouped(range)) {
    rowsOut(kernel.words, words, count, range)
    return
  }
  if (pairs !== null) spreadPairs(pairs, kernel.pairs, pairRange(range, count))
  forGroups(range, pairedColumns(pairs, range), (group) => {
    const { first, columns, rows, address } = group
    if (columns < GROUP_COLUMNS) spreadRest(kernel.words, words, count, group)
    else spreadWords(kernel.words, address / 4, words, first, count, rows)
  })
}
