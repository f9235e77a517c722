/**
 * What a sweep and its worker processes say to each other, as JSON over the channel that `fork` opens. Both ends are one version of one
 * program.
 */
import type { Experiment } from '@laperm/train'
import type { DataFingerprint } from '../data-fingerprint.ts'
import type { RunJob } from '../queue/run-job.ts'
import type { DataSource } from '../run-config.ts'
import type { RunSummary } from '../run-summary.ts'
import type { StepCost } from './measure-steps.ts'

/** An experiment that stands for others of the same data, engine and shape. */
export interface Sample {
  readonly experiment: Experiment
  readonly source: DataSource
}

/** What a worker found out about a sample: what identities are made of, or why nothing like it can be trained here. */
export type Survey =
  | {
      readonly kind: 'fits'
      readonly data: DataFingerprint
      readonly bits: Readonly<Record<string, string>>
      readonly stepsPerEpoch: number
    }
  | { readonly kind: 'refused'; readonly message: string }

/** How a run is trained, beside its job. */
export interface TrainingOptions {
  readonly checkpointEveryMs: number
  /** Go on with a run that failed. */
  readonly retryFailed: boolean
  /** Write an event file for TensorBoard into each run. Default: false. */
  readonly tensorboard?: boolean | undefined
  /** For `config.json`. */
  readonly commandLine: string | null
}

/** To a worker. */
export type WorkerOrder =
  | { readonly kind: 'survey'; readonly samples: readonly Sample[] }
  /** Measure what steps of samples take, and train nothing. */
  | { readonly kind: 'measure'; readonly samples: readonly Sample[] }
  | { readonly kind: 'train'; readonly job: RunJob; readonly options: TrainingOptions }
  /** End what is under way with a checkpoint, then the process. */
  | { readonly kind: 'stop' }

/** What became of a job in a worker's hands. */
export type JobEnd =
  | {
      readonly kind: 'finished' | 'diverged'
      readonly summary: RunSummary
      /** Whether it had ended so before: nothing was trained now. */
      readonly isOld: boolean
    }
  /** Stopped on demand, with a checkpoint. */
  | { readonly kind: 'interrupted'; readonly summary: RunSummary }
  | {
      readonly kind: 'failed'
      readonly message: string
      /** The run's directory; null where none was made. */
      readonly directory: string | null
      readonly isOld: boolean
    }
  /** Another process writes into the run. */
  | { readonly kind: 'busy'; readonly message: string }

/** How far a run is. */
export interface JobProgress {
  readonly step: number
  readonly totalSteps: number
  readonly epoch: number
  readonly epochs: number
  /** Null before the first step. */
  readonly loss: number | null
  /** Share of the test set; null before it was measured. */
  readonly accuracy: number | null
}

/** From a worker. */
export type WorkerReport =
  | { readonly kind: 'surveyed'; readonly surveys: readonly Survey[] }
  /** In the order of the samples; null where it failed. */
  | { readonly kind: 'measured'; readonly costs: readonly (StepCost | null)[] }
  | { readonly kind: 'progress'; readonly progress: JobProgress; readonly memoryBytes: number }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'ended'; readonly end: JobEnd }
  /** Sent all the time, so that a worker that was stopped is told from one that works. */
  | { readonly kind: 'alive' }
