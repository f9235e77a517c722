/** One way to synchronize, so that backends and peers take turns on the same weights. */
import type { SyncCase } from './sync-case.ts'

/** What a synchronizer gets to see of a case. */
export interface Weights extends Pick<SyncCase, 'sorted' | 'w' | 'length' | 'count'> {
  /** How many matrices `[length, count]` lie one after the other in the arrays; default 1. Core and backend-wasm take more. */
  readonly matrices?: number | undefined
}

/** A backend or peer. */
export interface Synchronizer {
  readonly name: string
  /** Hand over the weights; not timed. */
  readonly load: (weights: Weights) => Promise<void>
  /** Synchronize `repeats` times; milliseconds in all. */
  readonly run: (repeats: number) => Promise<number>
  /** The last result, row-major `[length, count]`, to be compared with core's. */
  readonly result: () => Promise<Float32Array>
  /** Vectors shorter than this it cannot run; default 1. */
  readonly minLength?: number
  readonly stop: () => void
}
