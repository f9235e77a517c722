/**
 * Copy rows of some columns between a row-major matrix and adjacent rows in the kernel's memory.
 *
 * Very wide rows are copied by `TypedArray.set`, which has a fixed cost per row. Other rows are copied in pairs of weights, each as one float64.
 * Where rows of the matrix have an odd length every other row begins in the middle of a pair; rows in the kernel's memory then have an odd
 * length too, so that they do as well.
 */

/** Columns of a matrix and their place in memory. All numbers are words of 32 bits. */
export interface RowRange {
  readonly first: number
  readonly columns: number
  readonly rows: number
  /** Length of the matrix's rows. */
  readonly count: number
  readonly address: number
  /** Distance between rows in memory. */
  readonly stride: number
}

/** Columns that are copied in one round, as eight pairs. */
const ROUND_COLUMNS = 16

/** Copy rows into memory by `set`. */
export const setRowsIn = (matrix: Uint32Array, memory: Uint32Array, range: RowRange): void => {
  const { first, columns, rows, count, address, stride } = range
  for (let row = 0, from = first, to = address; row < rows; row++, from += count, to += stride)
    memory.set(matrix.subarray(from, from + columns), to)
}

/** Copy rows back by `set`. */
export const setRowsOut = (memory: Uint32Array, matrix: Uint32Array, range: RowRange): void => {
  const { first, columns, rows, count, address, stride } = range
  for (let row = 0, from = address, to = first; row < rows; row++, from += stride, to += count)
    matrix.set(memory.subarray(from, from + columns), to)
}

/** Copy rows of few columns into memory word by word. */
export const wordRowsIn = (matrix: Uint32Array, memory: Uint32Array, range: RowRange): void => {
  const { first, columns, rows, count, address, stride } = range
  for (let row = 0, from = first, to = address; row < rows; row++, from += count, to += stride)
    for (let column = 0; column < columns; column++) memory[to + column] = matrix[from + column]
}

/** Copy rows of few columns back word by word. */
export const wordRowsOut = (memory: Uint32Array, matrix: Uint32Array, range: RowRange): void => {
  const { first, columns, rows, count, address, stride } = range
  for (let row = 0, from = address, to = first; row < rows; row++, from += stride, to += count)
    for (let column = 0; column < columns; column++) matrix[to + column] = memory[from + column]
}

/** A range as columns that are copied as pairs, a multiple of {@link ROUND_COLUMNS}, and the others. */
export const splitRange = (range: RowRange): readonly [RowRange, RowRange] => {
  const rest = range.columns % ROUND_COLUMNS
  const paired = range.columns - rest
  return [
    { ...range, columns: paired },
    { ...range, first: range.first + paired, columns: rest, address: range.address + paired },
  ]
}

/**
 * Copy rows into memory as pairs.
 *
 * A row that begins in the middle of a pair is copied together with the word before it and the word behind it; memory has room between rows.
 *
 * @param range of a multiple of {@link ROUND_COLUMNS}, not 0. A row begins in the middle of a pair in memory if it does in the matrix.
 */
export const pairRowsIn = (matrix: Float64Array, memory: Float64Array, range: RowRange): void => {
  const { first, columns, rows, count, address, stride } = range
  let from = first
  let to = address
  for (let row = 0; row < rows; row++) {
    let at = from >> 1
    let near = to >> 1
    for (const end = near + (columns >> 1); near < end; near += 8) {
      memory[near] = matrix[at]
      memory[near + 1] = matrix[at + 1]
      memory[near + 2] = matrix[at + 2]
      memory[near + 3] = matrix[at + 3]
      memory[near + 4] = matrix[at + 4]
      memory[near + 5] = matrix[at + 5]
      memory[near + 6] = matrix[at + 6]
      memory[near + 7] = matrix[at + 7]
      at += 8
    }
    if (from % 2 === 1) memory[near] = matrix[at]
    from += count
    to += stride
  }
}

/** Copy rows back as pairs. Of a row that begins in the middle of a pair the first and the last word are copied alone. */
export const pairRowsOut = (
  memory: Float64Array,
  memoryWords: Uint32Array,
  matrix: Float64Array,
  matrixWords: Uint32Array,
  range: RowRange,
): void => {
  const { first, columns, rows, count, address, stride } = range
  let from = address
  let to = first
  for (let row = 0; row < rows; row++) {
    let near = from >> 1
    let at = to >> 1
    const end = near + (columns >> 1)
    if (to % 2 === 1) {
      matrixWords[to] = memoryWords[from]
      for (const stop = near + 8; ++near < stop; ) matrix[++at] = memory[near]
      at++
      matrixWords[to + columns - 1] = memoryWords[from + columns - 1]
    }
    for (; near < end; near += 8) {
      matrix[at] = memory[near]
      matrix[at + 1] = memory[near + 1]
      matrix[at + 2] = memory[near + 2]
      matrix[at + 3] = memory[near + 3]
      matrix[at + 4] = memory[near + 4]
      matrix[at + 5] = memory[near + 5]
      matrix[at + 6] = memory[near + 6]
      matrix[at + 7] = memory[near + 7]
      at += 8
    }
    from += stride
    to += count
  }
}
