/** What a run came to, in one flat record: `summary.json`, and what `laperm train --json` prints. */
import {
  type Experiment,
  modelNameOf,
  type OptimizerName,
  optimizerOf,
  type TrainOutcome,
} from '@laperm/train'
import type { FileChecksums } from './file-checksum.ts'

/** `running` stays behind when a process is killed: such a run can be resumed like an interrupted one. */
export type RunStatus = 'running' | 'finished' | 'interrupted' | 'diverged' | 'failed'

/** `summary.json`. Shares are in [0, 1]. */
export interface RunSummary {
  readonly status: RunStatus
  readonly model: string
  readonly dataset: string
  readonly engine: string
  readonly optimizer: OptimizerName
  /** The paper's k; a list where it changes over the run; null for optimizers that never synchronize. */
  readonly syncPeriod: number | readonly { readonly fromStep: number; readonly period: number }[] | null
  readonly seed: number
  /** Of the experiment, whether or not all were trained. */
  readonly epochs: number
  /** Steps taken. */
  readonly steps: number
  readonly synchronizations: number
  /** Whether the last synchronization was made only because the run ended between two. */
  readonly finalSyncForced: boolean
  /** Shares of the test set, measured right after a synchronization; null before the first. */
  readonly testAccuracy: number | null
  readonly testLoss: number | null
  readonly bestTestAccuracy: number | null
  readonly bestEpoch: number | null
  /** Training, synchronizing and evaluating; without loading data and compiling. */
  readonly trainSeconds: number
  /** Largest resident memory of the process so far: weights, optimizer state, a step's activations, and the data. Null while running. */
  readonly peakMemoryBytes: number | null
  /** How much resident memory grew over the first training step of this process: activations, gradients, work space. Null before it. */
  readonly stepMemoryBytes: number | null
  /** Weight vectors that the optimizer permutes, and how many of them hold exactly their initial values. */
  readonly weightVectors: number | null
  readonly permutedVectors: number | null
  readonly isPermutation: boolean | null
  /** Weights in these vectors, and how many places hold another value than at the start. */
  readonly weights: number | null
  readonly movedWeights: number | null
  /** The step at which the saved weights were current. */
  readonly weightsStep: number
  /** Null unless the run diverged. */
  readonly divergedAt: number | null
  /** Why a run failed; there only when it did. */
  readonly error?: string
  /** Of a run that failed before it had a `config.json`; there only then. */
  readonly identity?: string
  /** Of a run that is over, finished or diverged: what its metrics and weights are; there only then, and not of runs of an earlier LaPerm. */
  readonly files?: FileChecksums
  readonly runDirectory: string
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

const syncPeriodOf = ({ outer }: Experiment): RunSummary['syncPeriod'] => {
  if (outer.kind === 'none') return null
  return outer.syncPeriod.kind === 'constant' ? outer.syncPeriod.period : outer.syncPeriod.periods
}

/** The summary of a run that has not ended. */
export const startSummary = (experiment: Experiment, runDirectory: string): RunSummary => ({
  status: 'running',
  model: modelNameOf(experiment.model),
  dataset: experiment.dataset,
  engine: experiment.engine,
  optimizer: optimizerOf(experiment),
  syncPeriod: syncPeriodOf(experiment),
  seed: experiment.seed,
  epochs: experiment.epochs,
  steps: 0,
  synchronizations: 0,
  finalSyncForced: false,
  testAccuracy: null,
  testLoss: null,
  bestTestAccuracy: null,
  bestEpoch: null,
  trainSeconds: 0,
  peakMemoryBytes: null,
  stepMemoryBytes: null,
  weightVectors: null,
  permutedVectors: null,
  isPermutation: null,
  weights: null,
  movedWeights: null,
  weightsStep: 0,
  divergedAt: null,
  runDirectory,
})

/** The summary of a run that has ended. */
export const summarize = (
  experiment: Experiment,
  outcome: TrainOutcome,
  runDirectory: string,
  memory: Pick<RunSummary, 'peakMemoryBytes' | 'stepMemoryBytes'>,
): RunSummary => ({
  ...startSummary(experiment, runDirectory),
  status: outcome.status,
  steps: outcome.steps,
  synchronizations: outcome.synchronizations,
  finalSyncForced: outcome.finalSyncForced,
  testAccuracy: outcome.last?.accuracy ?? null,
  testLoss: outcome.last?.loss ?? null,
  bestTestAccuracy: outcome.best?.accuracy ?? null,
  bestEpoch: outcome.best?.epoch ?? null,
  trainSeconds: round(outcome.elapsedMs / 1000, 3),
  ...memory,
  weightVectors: outcome.proof.weightVectors,
  permutedVectors: outcome.proof.permutedVectors,
  isPermutation: outcome.proof.isPermutation,
  weights: outcome.moved.weights,
  movedWeights: outcome.moved.movedWeights,
  weightsStep: outcome.weightsStep,
  divergedAt: outcome.divergedAt,
})
