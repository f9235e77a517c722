/**
 * Arrays in memories of the kernel, which are synchronized without a copy.
 */
import type { WeightVectors } from '@laperm/core'
import type { Kernel, KernelInstance } from './kernel.ts'
import { arraysOf, layOutMemory, type MemoryLayout, syncInMemory } from './memory-layout.ts'

/** A memory with arrays of the caller in it. */
interface Residence {
  readonly instance: KernelInstance
  readonly layout: MemoryLayout
}

/** The memories that arrays were allocated in. */
export interface ResidentMemory {
  /** See `WasmSync.allocate`. */
  readonly allocate: (
    lengths: readonly number[],
    longestVector: number,
  ) => readonly Float32Array<ArrayBuffer>[]
  /** Synchronize without a copy. @returns `absent` unless all three arrays lie in one memory that has room to work on them. */
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
      const layout = layOutMemory(lengths, longestVector)
      const instance = kernel.instantiate(layout.bytes)
      const { buffer } = instance.floats
      residences.set(buffer, { instance, layout })
      return arraysOf(layout, lengths, buffer)
    },
    syncInto: (sorted, w, out) => {
      const { buffer, byteOffset, length } = w.values
      const residence = residences.get(buffer)
      if (residence === undefined || w.length > residence.layout.longestVector) return 'absent'
      if (sorted.values.buffer !== buffer || out.buffer !== buffer) return 'absent'
      const { instance, layout } = residence
      if (instance.run.hasNaN(byteOffset, length) !== 0) return 'foundNaN'
      syncInMemory(instance.run, layout, sorted, w, out)
      return 'done'
    },
  }
}
