/**
 * Copy blocks of columns between a row-major matrix and the kernel's memory, where rows have another distance.
 *
 * Two 32-bit values are moved as one 64-bit number where both sides allow it: half the loads, checks and stores. Bits are moved, never
 * computed with; only a NaN could lose its payload, and NaN is refused before.
 */

import type { KernelInstance } from './kernel.ts'

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

const movePairs = (
  from: Float64Array,
  fromStart: number,
  fromStride: number,
  to: Float64Array,
  toStart: number,
  toStride: number,
  rows: number,
  width: number,
): void => {
  for (let row = 0; row < rows; row++) {
    let source = fromStart + row * fromStride
    let target = toStart + row * toStride
    const end = source + width
    for (; source + 3 < end; source += 4, target += 4) {
      to[target] = from[source]
      to[target + 1] = from[source + 1]
      to[target + 2] = from[source + 2]
      to[target + 3] = from[source + 3]
    }
    for (; source < end; source++, target++) to[target] = from[source]
  }
}

// The same for words: a function that sees one kind of array stays fast.
const moveWords = (
  from: Uint32Array,
  fromStart: number,
  fromStride: number,
  to: Uint32Array,
  toStart: number,
  toStride: number,
  rows: number,
  width: number,
): void => {
  for (let row = 0; row < rows; row++) {
    let source = fromStart + row * fromStride
    let target = toStart + row * toStride
    const end = source + width
    for (; source + 3 < end; source += 4, target += 4) {
      to[target] = from[source]
      to[target + 1] = from[source + 1]
      to[target + 2] = from[source + 2]
      to[target + 3] = from[source + 3]
    }
    for (; source < end; source++, target++) to[target] = from[source]
  }
}

/** Which columns of a matrix go where in the kernel's memory. */
export interface CopyRange {
  readonly first: number
  readonly columns: number
  readonly rows: number
  /** Byte address and distance of rows, multiples of 4. */
  readonly address: number
  readonly stride: number
}

const asPairs = (side: CopySide, { first, columns, address, stride }: CopyRange): boolean =>
  side.pairs !== null && (first | columns) % 2 === 0 && (address | stride) % 8 === 0

/** Copy columns of a matrix into the kernel's memory. */
export const copyIn = (kernel: KernelInstance, side: CopySide, range: CopyRange): void => {
  const { first, columns, rows, address, stride } = range
  const { words, pairs, count } = side
  if (columns === count && stride === 4 * count) kernel.words.set(words, address / 4)
  else if (pairs !== null && asPairs(side, range))
    movePairs(pairs, first / 2, count / 2, kernel.pairs, address / 8, stride / 8, rows, columns / 2)
  else moveWords(words, first, count, kernel.words, address / 4, stride / 4, rows, columns)
}

/** Copy columns from the kernel's memory back into a matrix. */
export const copyOut = (kernel: KernelInstance, side: CopySide, range: CopyRange): void => {
  const { first, columns, rows, address, stride } = range
  const { words, pairs, count } = side
  if (columns === count && stride === 4 * count)
    words.set(kernel.words.subarray(address / 4, address / 4 + rows * count))
  else if (pairs !== null && asPairs(side, range))
    movePairs(kernel.pairs, address / 8, stride / 8, pairs, first / 2, count / 2, rows, columns / 2)
  else moveWords(kernel.words, address / 4, stride / 4, words, first, count, rows, columns)
}
