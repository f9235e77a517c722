/**
 * An experiment as plain data: everything that decides a run's result, with nothing left to a default.
 *
 * The fields' rules, defaults and flags stand in one table, `fields/table.ts`; `resolve-experiment.ts` makes experiments by it.
 */
import type { InitializerSpec, InnerOptimizerSpec, LearningRateSpec } from '@laperm/core'
import type { AugmentationSpec, Normalization } from '@laperm/data'
import type { Model, ZooName } from '@laperm/models'
import type { OuterSettings, OuterSpec } from './outer-spec.ts'
import type { PruningSpec } from './pruning/pruning-spec.ts'

/** How often something is measured. */
export interface MeasureEvery {
  readonly kind: 'steps' | 'epochs'
  readonly count: number
}

/** Whose ranking distance is recorded (Section 3). */
export interface RankingDistanceSpec {
  /** Names of kernels: `conv1/kernel`. */
  readonly parameters: readonly string[]
  readonly every: MeasureEvery
}

/** A run whose best test accuracy is at most `accuracy` at the end of epoch `epochs` counts as diverged, and ends there. */
export interface TrialSpec {
  readonly epochs: number
  /** A share. */
  readonly accuracy: number
}

/** Everything that decides the result of a training run. Two equal experiments on one engine give the same run, bit for bit. */
export interface Experiment {
  /** One of the zoo by its name, or a network of one's own, as `parseModel` gives it. */
  readonly model: ZooName | Model
  /** The name of a built-in data set or of one's own. */
  readonly dataset: string
  /** Train on this many examples; null takes them all. */
  readonly limit: number | null
  /** Evaluate on this many test examples, for quick looks; null takes them all. */
  readonly testLimit: number | null
  readonly normalization: Normalization
  /** Null trains on the images as they are. */
  readonly augmentation: AugmentationSpec | null
  /** Of the kernels; biases and batch normalization start as the model says. */
  readonly initializer: InitializerSpec
  readonly sparsity: PruningSpec
  readonly innerOptimizer: InnerOptimizerSpec
  /** What is done to the weights every k inner steps. */
  readonly outer: OuterSpec
  /** Kernels' weights that are zero before the first step stay zero, while an inner optimizer alone trains the others (Section 5.4). */
  readonly frozenZeros: boolean
  /**
   * The paper's N_S: theta_0 are the best weights of the run with this identity, shuffled within each weight vector; null draws them. Parameters
   * that are not permuted start as the model says.
   */
  readonly shuffledFrom: string | null
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: LearningRateSpec
  /** Decides initial weights, pruning, order of examples, augmentation and dropout. An integer in [0, 2^32). */
  readonly seed: number
  /** Also measure the inner optimizer's accuracy just before each evaluated synchronization (Figure 6d). */
  readonly evaluateInner: boolean
  /** Record the ranking distance of some kernels; null records none. It changes nothing that is trained. */
  readonly rankingDistance: RankingDistanceSpec | null
  /** Also evaluate on this many training examples, drawn once by the seed, where the test set is; null does not. */
  readonly trainExamples: number | null
  /** When the run is given up though its weights are finite (Section 5.4); null never does. */
  readonly trial: TrialSpec | null
  /** A name: which engines there are is known by whoever loads them. */
  readonly engine: string
  /** Null lets the engine take what the machine has. The last bits of a run depend on it. */
  readonly threads: number | null
}

/** What a person may say of the learning rate without a whole schedule. */
export interface LearningRateSettings {
  /** Where the recipe's schedule starts. */
  readonly initial?: number | undefined
  /** Multiply by this after every epoch instead of following the recipe's schedule. */
  readonly decay?: number | undefined
}

/** What a person may write for a field where that is more than the field's own values. Names are any string: they are checked. */
interface WiderSettings {
  /** A built-in one by its name; one's own by itself, as a `Dataset`, or by its name and whether its inputs are floats. */
  readonly dataset: string | { readonly name: string; readonly floats?: boolean }
  readonly normalization: string
  /** True takes the recipe's, and is refused where it has none. */
  readonly augmentation: Experiment['augmentation'] | true
  /** One number is the share pruned: of drawn weights at most 20% of the first kernel; of one shared value that of every kernel. A record names layers. */
  readonly sparsity: number | Readonly<Record<string, number>> | PruningSpec
  readonly outer: OuterSettings
  /** A number is where the recipe's schedule starts. */
  readonly learningRate: number | LearningRateSettings | LearningRateSpec
  /** Layers (`conv1`) or their kernels, or `all`; once an epoch where it does not say how often. */
  readonly rankingDistance: { readonly parameters: readonly string[]; readonly every?: MeasureEvery } | null
}

/** What a person sets of an {@link Experiment}; the rest comes from the model's recipe. */
export type ExperimentSettings = {
  /** A network of one's own is checked by `parseModel`. */
  readonly model: string | Model
  /** Shorthand for the kind of the outer update: `laperm`, `lookahead`, `adam`, `sgd`; the last two also say the inner optimizer. */
  readonly optimizer?: string | undefined
} & {
  readonly [Name in Exclude<keyof Experiment, 'model'>]?:
    | (Name extends keyof WiderSettings ? WiderSettings[Name] : Experiment[Name])
    | undefined
}
