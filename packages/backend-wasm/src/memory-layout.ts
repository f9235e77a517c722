/**
 * Where arrays of the caller, and the kernel's work space, lie in one memory: what is in it is synchronized where it lies, without a copy.
 *
 * A memory is laid out for all arrays of a network at once and never grows: growing would detach the arrays.
 */
import type { WeightVectors } from '@laperm/core'
import { bundleOf, MAX_KERNEL_LENGTH, workSpaceFor } from './block-plan.ts'
import { FIRST_ADDRESS, type KernelFunctions } from './kernel.ts'

/** A memory of WebAssembly ends at 4 GiB. */
const MAX_BYTES = 2 ** 32
/** Arrays begin at cache lines, and a group may be read a little beyond the last one. */
const LINE_BYTES = 64

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

/** Addresses and sizes in bytes. */
export interface MemoryLayout {
  /** Longest vector that the work space has room for. */
  readonly longestVector: number
  /** The kernel's work spaces, one for each thread, and the bytes of each. */
  readonly work: readonly number[]
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
 * @param threads that work in it at the same time.
 * @throws RangeError on a length that is none, or beyond 4 GiB in all.
 */
export const layOutMemory = (
  lengths: readonly number[],
  longestVector: number,
  threads: number,
): MemoryLayout => {
  requireSize('longestVector', longestVector)
  const longest = Math.min(longestVector, MAX_KERNEL_LENGTH)
  const workBytes = roundUp(workSpaceFor(longest), LINE_BYTES)
  const first = FIRST_ADDRESS + threads * workBytes
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
  const work = Array.from({ length: threads }, (_, thread) => FIRST_ADDRESS + thread * workBytes)
  return { longestVector: longest, work, workBytes, arrays, bytes }
}

/** The arrays of a layout, of zeros so far. */
export const arraysOf = <B extends ArrayBufferLike>(
  { arrays }: MemoryLayout,
  lengths: readonly number[],
  buffer: B,
): readonly Float32Array<B>[] => lengths.map((length, i) => new Float32Array(buffer, arrays[i], length))

/** A synchronization in one memory: addresses of row-major matrices, and which columns. */
export interface SyncInMemory {
  readonly w: number
  readonly sorted: number
  readonly out: number
  readonly length: number
  readonly count: number
  readonly first: number
  readonly columns: number
  /** Groups that are gathered together. */
  readonly bundle: number
}

/** Every column of matrices that lie in one memory. */
export const wholeMatrix = (
  { workBytes }: MemoryLayout,
  sorted: WeightVectors,
  w: WeightVectors,
  out: Float32Array,
): SyncInMemory => ({
  w: w.values.byteOffset,
  sorted: sorted.values.byteOffset,
  out: out.byteOffset,
  length: w.length,
  count: w.count,
  first: 0,
  columns: w.count,
  bundle: bundleOf(w.length, workBytes),
})

/** Synchronize where everything lies. Checks nothing: for matrices that fit, without NaN, of vectors of at least 2 weights. */
export const syncInMemory = (run: KernelFunctions, work: number, task: SyncInMemory): void => {
  const { w, sorted, out, length, count, first, columns, bundle } = task
  const from = 4 * first
  run.syncColumns(w + from, sorted + from, out + from, 4 * count, 16, length, columns, work, bundle)
}
