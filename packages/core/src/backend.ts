/**
 * The one interface that every backend implements and that `@laperm/conformance` proves equal to the reference.
 *
 * It says nothing about where weight vectors live: a `Bank` is whatever the backend keeps them in (typed arrays, WASM memory,
 * textures, GPU buffers). Only `upload` and `download` cross over.
 */
import type { WeightVectors } from './weight-vectors.ts'

/**
 * Sort, rank, permute and synchronize batches of weight vectors.
 *
 * Order: ascending by value, -0 equal to +0, equal values keep index order (stable), infinities as numbers. Operations are pure:
 * a bank that is handed in is never written. Backends never fall back to another device silently.
 *
 * @typeParam Bank weight vectors, wherever this backend keeps them.
 */
export interface Backend<Bank> {
  /** Short lower-case name: `core`, `wasm`, `webgl`, `webgpu`, `node`. */
  readonly name: string
  /** What it runs on, for people: a device's name, or the kind of code. */
  readonly device: string
  /**
   * Whether sort, rank and sync find NaN: they throw, or the download of their result rejects. Where false a NaN is ranked last and the
   * caller has to look for it: an operation on a GPU cannot know without waiting for its device.
   */
  readonly refusesNaN: boolean
  /** Whether numbers below 2^-126 keep their bits. Where false the device takes them for zero. */
  readonly keepsSubnormals: boolean
  /** Copy weight vectors to the backend. The caller owns the bank and gives it back with `dispose`. */
  readonly upload: (w: WeightVectors) => Bank
  /** Copy a bank back, bit for bit. Ranks come back as integers exact in float32 (a vector holds fewer than 2^24 weights). */
  readonly download: (bank: Bank) => Promise<WeightVectors>
  /** Every vector ascending; every zero is written as +0. */
  readonly sort: (w: Bank) => Bank
  /** Every weight's rank within its vector, `0..length-1`. */
  readonly rank: (w: Bank) => Bank
  /** `result[i, j] = sorted[ranks[i, j], j]`. */
  readonly permute: (sorted: Bank, ranks: Bank) => Bank
  /** The paper's synchronization, fused: `permute(sorted, rank(w))`. */
  readonly sync: (sorted: Bank, w: Bank) => Bank
  /** Free a bank. Using it afterwards is a programmer error. */
  readonly dispose: (bank: Bank) => void
  /** Give back everything that the backend holds. It and its banks are of no use afterwards. */
  readonly close: () => void
}
