/** One way to synchronize, so that backends and peers take turns on the same weights. */
import type { SyncCase } from './sync-case.ts'

/** A backend or peer. */
export interface Synchronizer {
  readonly name: string
  /** Hand over the weights; not timed. */
  readonly load: (weights: SyncCase) => Promise<void>
  /** Synchronize `repeats` times; milliseconds in all. */
  readonly run: (repeats: number) => Promise<number>
  /** The last result, row-major `[length, count]`, to be compared with core's. */
  readonly result: () => Promise<Float32Array>
  /** Only these cases can be run by it; default all. */
  readonly accepts?: (weights: SyncCase) => boolean
  readonly stop: () => void
}
