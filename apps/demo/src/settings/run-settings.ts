/** Everything that decides a run of the demo: the same settings give the same run, so a link is made of them. Flat, as a form has them. */
import type { InitializerSpec } from '@laperm/core'
import type { Normalization } from '@laperm/data'
import type { PageEngineName } from '@laperm/engine-tfjs/engines'
import { initializerKinds, type OptimizerName } from '@laperm/train'
import type { ModelName } from './demo-models.ts'

/** `files`: MNIST or a relative, from the files that the visitor gave. */
export const dataNames = ['digits', 'files'] as const
export type DataName = (typeof dataNames)[number]

/** The optimizers side by side, in the order in which pages and charts show them. */
export const contenderNames = ['laperm', 'adam', 'lookahead'] as const satisfies readonly OptimizerName[]
export type ContenderName = (typeof contenderNames)[number]
export const contenderTitles: Readonly<Record<ContenderName, string>> = {
  laperm: 'LaPerm',
  adam: 'Adam',
  lookahead: 'Lookahead',
}

/** How the kernels' initial weights can be drawn: where all are 0 or all are 1 there is nothing to reconnect. */
export type DistributionName = Exclude<InitializerSpec['kind'], 'zeros' | 'ones'>
export const distributionNames = initializerKinds.filter(
  (kind): kind is DistributionName => kind !== 'zeros' && kind !== 'ones',
)

/** A run before it is drawn. The rule of each setting is in `setting-table.ts`. */
export interface RunSettings {
  readonly model: ModelName
  readonly data: DataName
  /** What computes. */
  readonly backend: PageEngineName
  /** Also take a GPU that is a program on the CPU. */
  readonly software: boolean
  /** Decides initial weights, pruning, the order of examples and dropout. */
  readonly seed: number
  /** The paper's k. */
  readonly syncPeriod: number
  /** Fraction of the initial weights that is pruned to zero; of drawn weights at most 20% of the first kernel. */
  readonly sparsity: number
  readonly distribution: DistributionName
  /** What every weight is where the distribution is `sharedValue`. */
  readonly sharedValue: number
  readonly learningRate: number
  readonly batchSize: number
  /** Whether Lookahead trains too, which takes time of its own. */
  readonly lookahead: boolean
  /** Lookahead's own k and alpha. */
  readonly lookaheadPeriod: number
  readonly slowStepSize: number
  /** What is done to a pixel. */
  readonly inputs: Normalization
  /** Where a run pauses by itself. */
  readonly steps: number
}

/** The initializer that the settings mean. */
export const initializerOf = ({
  distribution,
  sharedValue,
}: Pick<RunSettings, 'distribution' | 'sharedValue'>): InitializerSpec =>
  distribution === 'sharedValue' ? { kind: 'sharedValue', value: sharedValue } : { kind: distribution }
