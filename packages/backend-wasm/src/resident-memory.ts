/**
 * Arrays in the kernel's own memory: what lies there is synchronized where it lies, without a copy.
 *
 * A memory is made for all arrays of a network at once and never grows: growing would detach the arrays.
 */
import type { WeightVectors } from '@laperm/core'
import { bundleOf, MAX_KERNEL_LENGTH, mostWorkBytes } from './block-plan.ts'
import { FIRST_ADDRESS, type Kernel, type KernelInstance } from './kernel.ts'

/** A memory of WebAssembly ends at 4 GiB. */
const MAX_BYTES = 2 ** 32
/** Arrays begin at cache lines, and a group may be read a little beyond the last one. */
const LINE_BYTES = 64

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

const requireLengths = (lengths: readonly number[], longestVector: number): void => {
  for (const [name, value] of [
    ['longestVector', longestVector],
    ...lengths.map((length, i) => [`lengths[${i}]`, length] as const),
  ] as const)
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name}: expected a non-negative integer, got ${value}`)
}

/** A memory with arrays of the caller in it. */
interface Residence {
  readonly instance: KernelInstance
  readonly longestVector: number
}

/** The memories that arrays were allocated in. */
export interface ResidentMemory {
  /** See `WasmSync.allocate`. */
  readonly allocate: (
    lengths: readonly number[],
    longestVector: number,
  ) => readonly Float32Array<ArrayBuffer>[]
  /** Synchronize where everything lies. @returns `absent` unless all three arrays lie in one memory that has room to work on them. */
  readonly syncInto: (
    sorted: WeightVectors,
    w: WeightVectors,
    out: Float32Array,
  ) => 'done' | 'foundNaN' | 'absent'
}

/** Keep track of memories; one is freed with the last of its arrays. */
export const makeResidentMemory = (kernel: Kernel): ResidentMemory => {
  const residences = new WeakMap<ArrayBufferLike, Residence>()
  return {
    allocate: (lengths, longestVector) => {
      requireLengths(lengths, longestVector)
      const longest = Math.min(longestVector, MAX_KERNEL_LENGTH)
      const first = roundUp(FIRST_ADDRESS + mostWorkBytes(longest), LINE_BYTES)
      const addresses: number[] = []
      let end = first
      for (const length of lengths) {
        addresses.push(end)
        end += roundUp(4 * length, LINE_BYTES)
      }
      const bytes = end + LINE_BYTES
      if (bytes > MAX_BYTES)
        throw new RangeError(
          `lengths: arrays of ${end - first} bytes in all do not fit the 4 GiB that WebAssembly has; allocate them in several calls, or as Float32Array`,
        )
      const instance = kernel.instantiate(bytes)
      const { buffer } = instance.floats
      residences.set(buffer, { instance, longestVector: longest })
      return lengths.map((length, i) => new Float32Array(buffer, addresses[i], length))
    },
    syncInto: (sorted, w, out) => {
      const { values, length, count } = w
      const residence = residences.get(values.buffer)
      if (residence === undefined || length > residence.longestVector) return 'absent'
      const { buffer } = values
      if (sorted.values.buffer !== buffer || out.buffer !== buffer) return 'absent'
      const { run } = residence.instance
      if (run.hasNaN(values.byteOffset, values.length) !== 0) return 'foundNaN'
      run.syncColumns(
        values.byteOffset,
        sorted.values.byteOffset,
        out.byteOffset,
        4 * count,
        16,
        length,
        count,
        FIRST_ADDRESS,
        bundleOf(length),
      )
      return 'done'
    },
  }
}
