/** What was asked for on the command line, as data: one record a command. */
import type { InitializerSpec, InnerOptimizerSpec, SparsitySpec, SyncPeriodSpec } from '@laperm/core'
import type { AugmentationSpec } from '@laperm/data'

/** Where data may come from. */
export interface DataFlags {
  readonly dataDir?: string
  readonly acceptChecksum?: boolean
  readonly offline?: boolean
}

export interface OutputFlags {
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Flags that override a field of the experiment. */
export interface ExperimentFlags {
  readonly dataset?: string
  readonly optimizer?: string
  readonly innerOptimizer?: InnerOptimizerSpec
  readonly syncPeriod?: SyncPeriodSpec
  readonly slowStepSize?: number
  readonly permute?: readonly string[]
  /** A single number follows the paper's rule for the first kernel. */
  readonly sparsity?: number | SparsitySpec
  readonly init?: InitializerSpec
  readonly epochs?: number
  readonly batchSize?: number
  readonly learningRate?: number
  readonly learningRateDecay?: number
  readonly seed?: number
  readonly limit?: number
  readonly normalize?: string
  /** True takes the recipe's, false none. */
  readonly augment?: boolean | AugmentationSpec
  readonly evaluateInner?: boolean
  readonly engine?: string
  readonly threads?: number
}

export interface TrainFlags extends ExperimentFlags, DataFlags, OutputFlags {
  readonly out?: string
  readonly resume?: string
  readonly checkpointSeconds?: number
}

export interface EvaluateFlags extends DataFlags, OutputFlags {
  readonly weights?: string
  readonly threads?: number
}

export interface VerifyFlags extends OutputFlags {
  readonly backend?: string
  readonly seed?: number
  readonly trials?: number
}

export type Invocation =
  | { readonly command: 'train'; readonly model: string | undefined; readonly flags: TrainFlags }
  | { readonly command: 'evaluate'; readonly run: string; readonly flags: EvaluateFlags }
  | { readonly command: 'doctor'; readonly flags: DataFlags & OutputFlags }
  | { readonly command: 'verify'; readonly flags: VerifyFlags }
  | { readonly command: 'list'; readonly flags: OutputFlags }
  /** Help or the version was asked for and has been printed. */
  | { readonly command: 'none'; readonly isUsageError: boolean }
