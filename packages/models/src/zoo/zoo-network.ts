/** What the zoo holds of a network: what it computes, and how the paper trains it. */
import type { LearningRateSpec, SparsitySpec } from '@laperm/core'
import type { AugmentationSpec, DatasetName, Normalization } from '@laperm/data'
import type { Model } from '../model.ts'

/**
 * How the paper trains a network with LaPerm and Adam as inner optimizer: what an experiment starts from.
 *
 * Where the paper is silent, its authors' released code speaks (ihsuy/Train-by-Reconnect); deviations are said at the field.
 * @see arXiv:2003.02570 Sections 3 and 5
 */
export interface Recipe {
  /** The paper's. */
  readonly dataset: DatasetName
  readonly normalization: Normalization
  readonly augmentation: AugmentationSpec | null
  readonly batchSize: number
  readonly epochs: number
  /** The paper's k. */
  readonly syncPeriod: number
  /** Of Adam. */
  readonly learningRate: LearningRateSpec
  readonly sparsity: SparsitySpec
  /** Where the numbers come from. */
  readonly source: string
}

/** A network and its recipe. */
export interface ZooNetwork {
  readonly model: Model
  readonly recipe: Recipe
}
