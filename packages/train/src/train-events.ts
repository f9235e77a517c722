/** What a training loop reports while it runs. Plain data; the loop waits for an observer that returns a promise. */
import type { Params } from '@laperm/core'
import type { Checkpoint } from './checkpoint.ts'
import type { Evaluation } from './loop-position.ts'
import type { MeasuredDistance, RankedKernels } from './ranking-watch.ts'

/**
 * One epoch as `metrics.jsonl` keeps it. It holds no clock time, so that a resumed run writes the same bytes as one left alone.
 */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number
  /** Steps taken since the run began. */
  readonly step: number
  /** At the epoch's last step. */
  readonly learningRate: number
  /** Mean cross-entropy in nats over the epoch's batches as they were trained on, dropout active. */
  readonly trainLoss: number
  readonly trainAccuracy: number
  /** Since the run began. */
  readonly synchronizations: number
  /** Right after the epoch's last synchronization; null when none fell into the epoch. */
  readonly test: Evaluation | null
  /** Of the inner optimizer's unsynchronized weights, when asked for. */
  readonly inner: Evaluation | null
  /** Of training examples drawn once, where `test` was measured, without dropout or augmentation; there only when it was asked for. */
  readonly trained?: Evaluation | null
  /** Ranking distances that were measured in the epoch, in order; left out where none are asked for. */
  readonly rankingDistance?: readonly MeasuredDistance[]
}

/** What happened. Weights and checkpoints in it are owned by the loop: read them, or copy them, before the next event. */
export type TrainEvent =
  | {
      readonly kind: 'start'
      /** Steps taken before, by a run that is continued. */
      readonly step: number
      readonly stepsPerEpoch: number
      readonly totalSteps: number
      readonly epochs: number
    }
  | { readonly kind: 'epochStart'; readonly epoch: number; readonly step: number }
  | { readonly kind: 'step'; readonly step: number; readonly epoch: number; readonly loss: number }
  | { readonly kind: 'sync'; readonly step: number; readonly synchronizations: number }
  | {
      readonly kind: 'evaluation'
      /** Counts as the network's accuracy. */
      readonly series: 'synchronized'
      readonly evaluation: Evaluation
      /** The best one so far. */
      readonly isBest: boolean
      /** The weights that were evaluated. */
      readonly weights: Params
    }
  | {
      readonly kind: 'evaluation'
      /** The inner optimizer's weights just before a synchronization: a series of its own. */
      readonly series: 'inner'
      readonly evaluation: Evaluation
      readonly isBest: false
    }
  | { readonly kind: 'best'; readonly weights: Params; readonly evaluation: Evaluation }
  | ({ readonly kind: 'rankingDistance' } & RankedKernels)
  | { readonly kind: 'epochEnd'; readonly metrics: EpochMetrics }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }

/** Called for every event. A promise that it returns is awaited before the next step. */
export type TrainObserver = (event: TrainEvent) => void | Promise<void>
