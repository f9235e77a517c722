/**
 * How a matrix is cut into blocks of columns for the kernel's memory.
 */
import { FIRST_ADDRESS } from './kernel.ts'

/** Up to this length every weight is compared with every other: faster than any sort; measured. */
export const MAX_SHORT_LENGTH = 80

/** Longer vectors do not occur, and the kernel's 16-bit indices end here; core does them. */
export const MAX_KERNEL_LENGTH = 65535

/** A block is made as wide as this allows: long rows are copied fastest, and the cache holds it. */
const BLOCK_BYTES = 1 << 20

/** Columns of a block, at least, unless the matrix has fewer. */
const MIN_COLUMNS = 8

/** Where a block lies in the kernel's memory. Addresses and strides are bytes. */
export interface BlockPlan {
  /** Columns a block holds; the matrix's count, or a multiple of eight. */
  readonly columns: number
  /** Distance between rows of a block. */
  readonly stride: number
  /** Whether a block is the whole matrix, rows side by side as the matrix has them: copied in one go. */
  readonly whole: boolean
  /** Address of the weights. */
  readonly block: number
  /** Address of what else the kernel needs: for short vectors theta_sorted, else its work space. */
  readonly second: number
  /** Address of a short vectors' result. */
  readonly third: number
  /** Bytes of memory that the plan needs. */
  readonly bytes: number
}

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

/** Three blocks of the same shape: weights, theta_sorted, result. */
const planShort = (length: number, count: number): BlockPlan => {
  const widest = Math.floor(BLOCK_BYTES / (12 * length))
  const whole = count % 4 === 0 && count <= widest
  const columns = whole ? count : Math.min(roundUp(count, 4), Math.max(MIN_COLUMNS, widest & ~7))
  const stride = 4 * roundUp(columns, 4)
  const blockBytes = roundUp(length * stride, 16)
  return {
    columns: Math.min(columns, count),
    stride,
    whole,
    block: FIRST_ADDRESS,
    second: FIRST_ADDRESS + blockBytes,
    third: FIRST_ADDRESS + 2 * blockBytes,
    bytes: FIRST_ADDRESS + 3 * blockBytes + 16,
  }
}

/** One block, which holds weights, then theta_sorted, then the result; and work space of 8 bytes a weight of four columns, and 16 more. */
const planLong = (length: number, count: number): BlockPlan => {
  const rows = roundUp(length, 8)
  const widest = Math.floor((BLOCK_BYTES - 16 * rows) / (6 * rows))
  const whole = count <= widest
  const columns = whole ? count : Math.max(MIN_COLUMNS, widest & ~7)
  // Rows 2^k bytes apart would compete for the same cache sets.
  const stride = whole ? 4 * count : columns === MIN_COLUMNS ? 4 * columns : 4 * columns + 16
  const work = roundUp(FIRST_ADDRESS + rows * stride + 16, 16)
  return {
    columns: Math.min(columns, count),
    stride,
    whole,
    block: FIRST_ADDRESS,
    second: work,
    third: 0,
    bytes: work + rows * (8 * Math.ceil(columns / 4) + 16),
  }
}

/**
 * Plan the blocks for a matrix: as many columns at a time as fit 1 MiB, or eight, which take 64 bytes a weight of one vector.
 *
 * @param length weights in each vector, from 1 to {@link MAX_KERNEL_LENGTH}.
 * @param count number of vectors, at least 1.
 */
export const planBlocks = (length: number, count: number): BlockPlan =>
  length <= MAX_SHORT_LENGTH ? planShort(length, count) : planLong(length, count)
