/**
 * Where a matrix lies in the kernel's memory: whole, or one block of columns after the other.
 */
import { FIRST_ADDRESS, PAGE_BYTES } from './kernel.ts'

/** Entries of the kernel have 16 bits for an index; core sorts longer vectors. */
export const MAX_KERNEL_LENGTH = 65535

/** Columns that the kernel works on together. */
export const GROUP_COLUMNS = 4

/** Most bytes of a block, also where the kernel holds more memory: they fit the second-level cache. */
export const MAX_BLOCK_BYTES = 1 << 20

/** A block that cuts through cache lines reads and writes them more than once. */
const CACHE_LINE_BYTES = 64
/** Columns that are a cache line of every row. */
export const LINE_COLUMNS = 16

/**
 * From how many columns on a block is copied as whole rows rather than as groups; measured. The kernel gathers groups from whole rows itself.
 * The numbers are smaller where groups are slower to copy: from rows of an odd length, and from an array that does not begin at 8 bytes.
 */
const MIN_PANEL_COLUMNS = 256
const MIN_ODD_PANEL_COLUMNS = 16
const MIN_UNPAIRED_PANEL_COLUMNS = 64

/** Where matrices lie in the kernel's memory. Addresses, strides and sizes are bytes. */
export interface BlockPlan {
  /** Columns a block holds: the matrix's count, or a multiple of four. The last block may have fewer. */
  readonly columns: number
  /** Distance between rows of a group. */
  readonly stride: number
  /** Distance between groups of four columns. */
  readonly groupBytes: number
  /** Address of the weights, and of the result in their place. */
  readonly weights: number
  /** Address of theta_sorted. */
  readonly sorted: number
  /** Address of the kernel's work space. */
  readonly work: number
  /** Groups that the kernel gathers together. */
  readonly bundle: number
  /** Bytes of memory that the plan needs. */
  readonly bytes: number
}

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

/** Rows of a group are sorted in eights. */
const bytesOfGroup = (length: number): number => 4 * GROUP_COLUMNS * roundUp(length, 8)

/** The kernel's notes on a bundle, at the beginning of its work space. */
const NOTES_BYTES = 256

/** The kernel's work space for groups that lie by themselves. */
const workBytesOfGroup = (length: number): number => NOTES_BYTES + 2 * bytesOfGroup(length)

/** The kernel's work space where rows are wider than a group, with room to gather a bundle. */
const workBytesOf = (length: number, bundle: number): number =>
  workBytesOfGroup(length) + bundle * bytesOfGroup(length)

/**
 * Bytes of work space that are enough for vectors of up to `length` weights: 64 a weight of the longest, or a page.
 */
export const workSpaceFor = (length: number): number => Math.max(PAGE_BYTES, workBytesOf(length, 2))

/** Groups of a bundle: a cache line of every row, or as many as a work space has room for. */
export const bundleOf = (length: number, workBytes: number): number =>
  Math.min(4, Math.floor((workBytes - NOTES_BYTES) / bytesOfGroup(length)) - 2)

/** Memory that a plan may take: 64 bytes a weight of one vector, a page, or what the kernel holds already. */
const roomFor = (length: number, heldBytes: number): number =>
  Math.max(
    PAGE_BYTES,
    FIRST_ADDRESS + workBytesOf(length, 2),
    Math.min(heldBytes, FIRST_ADDRESS + MAX_BLOCK_BYTES),
  )

/**
 * The matrix as it is, where there is room for that.
 *
 * @param length weights in each vector, from 2 to {@link MAX_KERNEL_LENGTH}.
 * @param count number of vectors, at least 1.
 * @param heldBytes memory that the kernel holds already.
 */
export const planWhole = (length: number, count: number, heldBytes: number): BlockPlan | undefined => {
  // The last group may read, and where fewer columns are left pass over, 12 bytes behind the matrix.
  const matrixBytes = roundUp(4 * length * count + 12, 16)
  const work = FIRST_ADDRESS + 2 * matrixBytes
  const bundle = bundleOf(length, roomFor(length, heldBytes) - work)
  if (bundle < 1) return undefined
  return {
    columns: count,
    stride: 4 * count,
    groupBytes: 4 * GROUP_COLUMNS,
    weights: FIRST_ADDRESS,
    sorted: FIRST_ADDRESS + matrixBytes,
    work,
    bundle,
    bytes: work + workBytesOf(length, bundle),
  }
}

/**
 * Some columns, rows side by side. Rows 2^k bytes apart would compete for a few cache sets.
 *
 * Rows are an odd number of words apart if the matrix's are: then pairs of weights are pairs in both.
 */
const planPanels = (length: number, columns: number, count: number, bundle: number): BlockPlan => {
  const apart = columns % 256 === 0 ? CACHE_LINE_BYTES : 0
  const stride = 4 * columns + (columns % 2 === count % 2 ? apart : 4)
  const panelBytes = roundUp(stride * length + 12, 16)
  const work = FIRST_ADDRESS + 2 * panelBytes
  return {
    columns,
    stride,
    groupBytes: 4 * GROUP_COLUMNS,
    weights: FIRST_ADDRESS,
    sorted: FIRST_ADDRESS + panelBytes,
    work,
    bundle,
    bytes: work + workBytesOf(length, bundle),
  }
}

/** Groups one after the other. */
const planGroups = (length: number, columns: number): BlockPlan => {
  const groupBytes = bytesOfGroup(length)
  const blockBytes = (columns / GROUP_COLUMNS) * groupBytes
  const work = FIRST_ADDRESS + 2 * blockBytes
  return {
    columns,
    stride: 4 * GROUP_COLUMNS,
    groupBytes,
    weights: FIRST_ADDRESS,
    sorted: FIRST_ADDRESS + blockBytes,
    work,
    bundle: 1,
    bytes: work + workBytesOfGroup(length),
  }
}

const wholeLines = (columns: number): number =>
  columns > LINE_COLUMNS ? columns - (columns % LINE_COLUMNS) : columns

/** Columns of each of as few blocks as there can be, none much narrower than the others. */
const evenly = (count: number, most: number): number =>
  Math.min(count, roundUp(Math.ceil(count / Math.ceil(count / most)), LINE_COLUMNS))

const minPanelColumns = (count: number, paired: boolean): number => {
  if (!paired) return MIN_UNPAIRED_PANEL_COLUMNS
  return count % 2 === 1 ? MIN_ODD_PANEL_COLUMNS : MIN_PANEL_COLUMNS
}

/** Columns of a block whose rows lie side by side, together with the work space; 0 where groups by themselves are better. */
const panelColumns = (length: number, count: number, paired: boolean, forMatrices: number): number => {
  const fitting = wholeLines(Math.floor(forMatrices / (8 * length)) - LINE_COLUMNS)
  const columns = fitting > 0 ? evenly(count, fitting) : 0
  return columns >= minPanelColumns(count, paired) ? columns : 0
}

/**
 * Plan blocks of columns: as many at a time as there is room for, at least four, which take 64 bytes a weight of one vector.
 *
 * @param length weights in each vector, from 2 to {@link MAX_KERNEL_LENGTH}.
 * @param count number of vectors, at least 1.
 * @param paired whether all matrices begin at 8 bytes.
 * @param heldBytes memory that the kernel holds already.
 */
export const planBlocks = (length: number, count: number, paired: boolean, heldBytes: number): BlockPlan => {
  const room = roomFor(length, heldBytes) - FIRST_ADDRESS
  const panel = panelColumns(length, count, paired, room - workBytesOf(length, 4))
  if (panel > 0) return planPanels(length, panel, count, 4)
  const inGroups =
    GROUP_COLUMNS * Math.max(1, Math.floor((room - workBytesOfGroup(length)) / (2 * bytesOfGroup(length))))
  return planGroups(length, Math.min(roundUp(count, GROUP_COLUMNS), wholeLines(inGroups)))
}
