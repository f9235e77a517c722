/**
 * The layout of a memory that holds arrays of the caller and the kernel's work space, so that arrays are synchronized without a copy.
 *
 * A memory is laid out for all arrays of a network at once and never grows, since growing would detach the arrays.
 */
import type { WeightVectors } from '@laperm/core'
import { bundleOf, MAX_KERNEL_LENGTH, workSpaceFor } from './block-plan.ts'
import { FIRST_ADDRESS, type KernelFunctions } from './kernel.ts'

/** A memory of WebAssembly ends at 4 GiB. */
const MAX_BYTES = 2 ** 32
/** Arrays begin at cache lines. A line is free behind the last array: the kernel may read up to 12 bytes beyond its end. */
const LINE_BYTES = 64

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

/** Addresses and sizes in bytes. */
export interface MemoryLayout {
  /** Longest vector that the work space has room for. */
  readonly longestVector: number
  /** Bytes of the kernel's work space, which begins at `FIRST_ADDRESS`. */
  readonly workBytes: number
  /** One address an array. */
  readonly arrays: readonly number[]
  readonly bytes: number
}

const requireSize = (name: string, value: number): void => {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name}: expected a non-negative integer, got ${value}`)
}

/**
 * Lay out a memory.
 *
 * @param lengths of the arrays, in weights.
 * @param longestVector longest weight vector to come.
 * @throws RangeError on a length that is none, or beyond 4 GiB in all.
 */
export const layOutMemory = (lengths: readonly number[], longestVector: number): MemoryLayout => {
  requireSize('longestVector', longestVector)
  const longest = Math.min(longestVector, MAX_KERNEL_LENGTH)
  const workBytes = roundUp(workSpaceFor(longest), LINE_BYTES)
  const first = FIRST_ADDRESS + workBytes
  const arrays: number[] = []
  let end = first
  lengths.forEach((length, i) => {
    requireSize(`lengths[${i}]`, length)
    arrays.push(end)
    end += roundUp(4 * length, LINE_BYTES)
  })
  const bytes = end + LINE_BYTES
  if (bytes > MAX_BYTES)
    throw new RangeError(
      `lengths: arrays of ${end - first} bytes in all do not fit the 4 GiB that WebAssembly has; allocate them in several calls, or as Float32Array`,
    )
  return { longestVector: longest, workBytes, arrays, bytes }
}

/** Views of a new memory as the arrays of a layout; all zeros. */
export const arraysOf = (
  { arrays }: MemoryLayout,
  lengths: readonly number[],
  buffer: ArrayBuffer,
): readonly Float32Array<ArrayBuffer>[] =>
  lengths.map((length, i) => new Float32Array(buffer, arrays[i], length))

/** Synchronize matrices that lie in the memory. Unchecked: sizes must fit, vectors have at least 2 weights, none is NaN. */
export const syncInMemory = (
  run: KernelFunctions,
  { workBytes }: MemoryLayout,
  sorted: WeightVectors,
  w: WeightVectors,
  out: Float32Array,
): void => {
  const { length, count } = w
  const bundle = bundleOf(length, workBytes)
  run.syncColumns(
    w.values.byteOffset,
    sorted.values.byteOffset,
    out.byteOffset,
    4 * count,
    16,
    length,
    count,
    FIRST_ADDRESS,
    bundle,
  )
}
