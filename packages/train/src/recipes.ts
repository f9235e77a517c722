/**
 * The paper's recipe for each network, as data: what `resolveExperiment` starts from.
 *
 * Where the paper is silent, its authors' released code speaks (ihsuy/Train-by-Reconnect); deviations are said at the field.
 * @see arXiv:2003.02570 Sections 3 and 5
 */
import type { LearningRateSpec, SparsitySpec } from '@laperm/core'
import type { AugmentationSpec, DatasetName, Normalization } from '@laperm/data'
import type { ZooName } from '@laperm/models'

/** How the paper trains one of its networks with LaPerm and Adam as inner optimizer. */
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

const noSparsity: SparsitySpec = { kind: 'none' }
const decayPerEpoch: LearningRateSpec = { kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 }

/** Conv2, Conv4 and Conv13 share everything. The notebooks' normalize() does nothing; ours is zero mean, unit variance. */
const cifar10Convolutions: Recipe = {
  dataset: 'cifar10',
  normalization: 'standard',
  augmentation: { rotationDegrees: 15, shiftFraction: 0.1, zoom: 0, horizontalFlip: true },
  batchSize: 50,
  epochs: 125,
  syncPeriod: 1000,
  learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.6, everyEpochs: 10 },
  sparsity: noSparsity,
  source: 'Section 5.2; released CIFAR-10 notebooks (learning rate 1e-3 * 0.6^(epoch div 10))',
}

/** Every recipe, by its network. */
export const recipes: Readonly<Record<ZooName, Recipe>> = {
  f1: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 128,
    epochs: 10,
    syncPeriod: 250,
    learningRate: decayPerEpoch,
    sparsity: { kind: 'perKernel', fractions: [0.4] },
    source: 'Section 5.5: 40% pruned, kept weights all 0.08; released F1 notebook',
  },
  f2: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 128,
    epochs: 25,
    syncPeriod: 250,
    learningRate: decayPerEpoch,
    sparsity: { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] },
    source: 'Section 5.5: keeps 1/15, 1/7 and 1/3 of its kernels, all 0.03; released F2 notebook',
  },
  mlp: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 50,
    epochs: 15,
    syncPeriod: 20,
    learningRate: {
      kind: 'steps',
      initial: 1e-3,
      boundaries: [
        { epoch: 10, factor: 0.5 },
        { epoch: 20, factor: 0.1 },
      ],
    },
    sparsity: noSparsity,
    source: 'Section 3: learning rate divided by 2 at epoch 10 and by 5 more at 20; k as for Conv7',
  },
  conv7: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: { rotationDegrees: 10, shiftFraction: 0.1, zoom: 0.1, horizontalFlip: false },
    batchSize: 50,
    epochs: 45,
    syncPeriod: 20,
    learningRate: decayPerEpoch,
    sparsity: noSparsity,
    source: 'Section 5.1, Figure 5; released Conv7 notebook',
  },
  conv2: cifar10Convolutions,
  conv4: cifar10Convolutions,
  conv13: cifar10Convolutions,
  resnet50: {
    dataset: 'cifar10',
    normalization: 'unit-minus-mean',
    augmentation: { rotationDegrees: 0, shiftFraction: 0.1, zoom: 0, horizontalFlip: true },
    batchSize: 50,
    epochs: 200,
    syncPeriod: 400,
    learningRate: {
      kind: 'steps',
      initial: 1e-3,
      boundaries: [
        { epoch: 80, factor: 0.1 },
        { epoch: 120, factor: 0.01 },
        { epoch: 160, factor: 0.001 },
        { epoch: 180, factor: 0.0005 },
      ],
    },
    sparsity: noSparsity,
    source: 'Section 5.4: divided by 10 at epochs 80, 120 and 160, by 2 at 180; k = 400 for dense weights',
  },
}

/**
 * What an experiment with a network of one's own starts from: Conv7's recipe without its augmentation, for 15 epochs. The data set is chosen by
 * the network's input; k = 20 synchronizes some sixty times an epoch on MNIST.
 */
export const ownRecipe: Omit<Recipe, 'dataset'> = {
  normalization: 'unit',
  augmentation: null,
  batchSize: 50,
  epochs: 15,
  syncPeriod: 20,
  learningRate: decayPerEpoch,
  sparsity: noSparsity,
  source: "no paper's: Conv7's recipe (Section 5.1) without augmentation, 15 epochs",
}
