/**
 * One way to train a network, so that engines and peers take the same steps in the same run.
 */
import type { Model } from '@laperm/models'

/** What every trainer of one comparison has in common. */
export interface Workload {
  readonly model: Model
  readonly batchSize: number
  readonly threads: number
}

/** A network being trained by one engine or peer. Owner of its processes and memory. */
export interface Trainer {
  readonly name: string
  /** What it runs on, where the name does not say it. */
  readonly description?: string
  /** Whether it can do LaPerm's synchronization; otherwise only its plain optimizer is timed. */
  readonly synchronizes: boolean
  /** How many times fewer steps a turn of it has, so that a slow one does not take all the time. */
  readonly slowness: number
  /** Take `count` training steps on random examples, synchronizing every `syncPeriod` (0: never); milliseconds in all. */
  readonly trainSteps: (count: number, syncPeriod: number) => Promise<number>
  /** Evaluate `batches` batches; milliseconds in all. */
  readonly evaluate: (batches: number) => Promise<number>
  /** Largest resident memory of its process so far, in bytes; undefined where it shares this process. */
  readonly peakMemoryBytes: () => Promise<number | undefined>
  readonly stop: () => Promise<void>
}

/** Something that could not take part, and why. */
export interface Missing {
  readonly name: string
  readonly reason: string
}

/** Whom our engine is measured beside. */
export const stepPeerNames = ['pytorch', 'tfjs-wasm', 'tfjs-node'] as const
export type StepPeerName = (typeof stepPeerNames)[number]
