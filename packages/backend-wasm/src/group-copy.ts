/**
 * Copy groups of four columns between a row-major matrix and the kernel's memory, two weights at a time as one float64.
 *
 * Two groups are copied together, four rows in each round of the loop. V8 checks both arrays once a round and every index, so long rounds pay.
 * With one group at a time each cache line is read four times; with four groups, lines are evicted before they are read again where rows are a
 * power of two apart. Measured in docs/notes/wasm-kernel.md.
 */

/** Where pairs lie: `first` in the matrix, `address` in memory, and the distances between rows and groups, all in pairs. */
export interface PairRange {
  readonly first: number
  readonly rowPairs: number
  readonly rows: number
  readonly groups: number
  readonly address: number
  readonly groupPairs: number
}

/** Copy one group into memory: the last one of an odd number of groups. */
const gatherOne = (
  matrix: Float64Array,
  start: number,
  rowPairs: number,
  memory: Float64Array,
  address: number,
  rows: number,
): void => {
  let at = start
  let near = address
  for (const end = address + 2 * (rows - (rows % 4)); near < end; near += 8) {
    memory[near] = matrix[at]
    memory[near + 1] = matrix[at + 1]
    at += rowPairs
    memory[near + 2] = matrix[at]
    memory[near + 3] = matrix[at + 1]
    at += rowPairs
    memory[near + 4] = matrix[at]
    memory[near + 5] = matrix[at + 1]
    at += rowPairs
    memory[near + 6] = matrix[at]
    memory[near + 7] = matrix[at + 1]
    at += rowPairs
  }
  for (const end = address + 2 * rows; near < end; near += 2) {
    memory[near] = matrix[at]
    memory[near + 1] = matrix[at + 1]
    at += rowPairs
  }
}

/** Copy one group back. */
const spreadOne = (
  matrix: Float64Array,
  start: number,
  rowPairs: number,
  memory: Float64Array,
  address: number,
  rows: number,
): void => {
  let at = start
  let near = address
  for (const end = address + 2 * (rows - (rows % 4)); near < end; near += 8) {
    matrix[at] = memory[near]
    matrix[at + 1] = memory[near + 1]
    at += rowPairs
    matrix[at] = memory[near + 2]
    matrix[at + 1] = memory[near + 3]
    at += rowPairs
    matrix[at] = memory[near + 4]
    matrix[at + 1] = memory[near + 5]
    at += rowPairs
    matrix[at] = memory[near + 6]
    matrix[at + 1] = memory[near + 7]
    at += rowPairs
  }
  for (const end = address + 2 * rows; near < end; near += 2) {
    matrix[at] = memory[near]
    matrix[at + 1] = memory[near + 1]
    at += rowPairs
  }
}

/** Copy groups into memory. */
export const gatherPairs = (matrix: Float64Array, memory: Float64Array, range: PairRange): void => {
  const { first, rowPairs, rows, groups, address, groupPairs } = range
  let group = 0
  for (; group + 1 < groups; group += 2) {
    let at = first + 2 * group
    let near = address + group * groupPairs
    let next = near + groupPairs
    const end = near + 2 * rows
    for (const fours = near + 2 * (rows - (rows % 4)); near < fours; near += 8) {
      memory[near] = matrix[at]
      memory[near + 1] = matrix[at + 1]
      memory[next] = matrix[at + 2]
      memory[next + 1] = matrix[at + 3]
      at += rowPairs
      memory[near + 2] = matrix[at]
      memory[near + 3] = matrix[at + 1]
      memory[next + 2] = matrix[at + 2]
      memory[next + 3] = matrix[at + 3]
      at += rowPairs
      memory[near + 4] = matrix[at]
      memory[near + 5] = matrix[at + 1]
      memory[next + 4] = matrix[at + 2]
      memory[next + 5] = matrix[at + 3]
      at += rowPairs
      memory[near + 6] = matrix[at]
      memory[near + 7] = matrix[at + 1]
      memory[next + 6] = matrix[at + 2]
      memory[next + 7] = matrix[at + 3]
      at += rowPairs
      next += 8
    }
    for (; near < end; near += 2) {
      memory[near] = matrix[at]
      memory[near + 1] = matrix[at + 1]
      memory[next] = matrix[at + 2]
      memory[next + 1] = matrix[at + 3]
      at += rowPairs
      next += 2
    }
  }
  if (group < groups)
    gatherOne(matrix, first + 2 * group, rowPairs, memory, address + group * groupPairs, rows)
}

/** Copy groups back from memory into the matrix. */
export const spreadPairs = (matrix: Float64Array, memory: Float64Array, range: PairRange): void => {
  const { first, rowPairs, rows, groups, address, groupPairs } = range
  let group = 0
  for (; group + 1 < groups; group += 2) {
    let at = first + 2 * group
    let near = address + group * groupPairs
    let next = near + groupPairs
    const end = near + 2 * rows
    for (const fours = near + 2 * (rows - (rows % 4)); near < fours; near += 8) {
      matrix[at] = memory[near]
      matrix[at + 1] = memory[near + 1]
      matrix[at + 2] = memory[next]
      matrix[at + 3] = memory[next + 1]
      at += rowPairs
      matrix[at] = memory[near + 2]
      matrix[at + 1] = memory[near + 3]
      matrix[at + 2] = memory[next + 2]
      matrix[at + 3] = memory[next + 3]
      at += rowPairs
      matrix[at] = memory[near + 4]
      matrix[at + 1] = memory[near + 5]
      matrix[at + 2] = memory[next + 4]
      matrix[at + 3] = memory[next + 5]
      at += rowPairs
      matrix[at] = memory[near + 6]
      matrix[at + 1] = memory[near + 7]
      matrix[at + 2] = memory[next + 6]
      matrix[at + 3] = memory[next + 7]
      at += rowPairs
      next += 8
    }
    for (; near < end; near += 2) {
      matrix[at] = memory[near]
      matrix[at + 1] = memory[near + 1]
      matrix[at + 2] = memory[next]
      matrix[at + 3] = memory[next + 1]
      at += rowPairs
      next += 2
    }
  }
  if (group < groups)
    spreadOne(matrix, first + 2 * group, rowPairs, memory, address + group * groupPairs, rows)
}

/**
 * Copy one group into memory from a matrix whose rows begin anywhere: a view reads pairs at any word.
 *
 * @param at bytes to the first of the group's weights.
 * @param rowBytes from one row to the next.
 * @param address in pairs.
 */
export const gatherUnpaired = (
  matrix: DataView,
  at: number,
  rowBytes: number,
  memory: Float64Array,
  address: number,
  rows: number,
): void => {
  let from = at
  let to = address
  for (const end = address + 2 * (rows - (rows % 4)); to < end; to += 8) {
    memory[to] = matrix.getFloat64(from, true)
    memory[to + 1] = matrix.getFloat64(from + 8, true)
    from += rowBytes
    memory[to + 2] = matrix.getFloat64(from, true)
    memory[to + 3] = matrix.getFloat64(from + 8, true)
    from += rowBytes
    memory[to + 4] = matrix.getFloat64(from, true)
    memory[to + 5] = matrix.getFloat64(from + 8, true)
    from += rowBytes
    memory[to + 6] = matrix.getFloat64(from, true)
    memory[to + 7] = matrix.getFloat64(from + 8, true)
    from += rowBytes
  }
  for (const end = address + 2 * rows; to < end; to += 2) {
    memory[to] = matrix.getFloat64(from, true)
    memory[to + 1] = matrix.getFloat64(from + 8, true)
    from += rowBytes
  }
}

/** Copy one group back to such a matrix; arguments as of {@link gatherUnpaired}. */
export const spreadUnpaired = (
  memory: Float64Array,
  address: number,
  matrix: DataView,
  at: number,
  rowBytes: number,
  rows: number,
): void => {
  let to = at
  let from = address
  for (const end = address + 2 * (rows - (rows % 4)); from < end; from += 8) {
    matrix.setFloat64(to, memory[from], true)
    matrix.setFloat64(to + 8, memory[from + 1], true)
    to += rowBytes
    matrix.setFloat64(to, memory[from + 2], true)
    matrix.setFloat64(to + 8, memory[from + 3], true)
    to += rowBytes
    matrix.setFloat64(to, memory[from + 4], true)
    matrix.setFloat64(to + 8, memory[from + 5], true)
    to += rowBytes
    matrix.setFloat64(to, memory[from + 6], true)
    matrix.setFloat64(to + 8, memory[from + 7], true)
    to += rowBytes
  }
  for (const end = address + 2 * rows; from < end; from += 2) {
    matrix.setFloat64(to, memory[from], true)
    matrix.setFloat64(to + 8, memory[from + 1], true)
    to += rowBytes
  }
}
