/** What the paper's convolutional networks for CIFAR-10 share. */
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  type Layer,
  relu,
  softmax,
} from '../layers/layer-kinds.ts'
import type { Recipe } from './zoo-network.ts'

/** Factor of the L2 penalty of their hidden kernels. */
export const l2 = 1e-4

/** Kernels and biases by He's uniform initializer. */
export const heUniform = { kernel: { kind: 'heUniform' }, bias: { kind: 'heUniform' } } as const

/** conv 3x3 same, relu, BN, and a dropout of its own where the rate is not 0. */
export const convBlock = (filters: number, dropoutRate = 0): readonly Layer[] => [
  conv2d(filters, 3, { padding: 'same', l2 }),
  relu,
  batchNorm(),
  ...(dropoutRate === 0 ? [] : [dropout(dropoutRate)]),
]

/** The dense part that Conv2 and Conv4 share. */
export const denseHead: readonly Layer[] = [
  flatten,
  dense(256, { l2 }),
  relu,
  dropout(0.5),
  batchNorm(),
  dense(256, { l2 }),
  relu,
  batchNorm(),
  dropout(0.5),
  dense(10),
  softmax,
]

/** Conv2, Conv4 and Conv13 are trained alike. The notebooks' normalize() does nothing; ours is zero mean, unit variance. */
export const convolutionRecipe: Recipe = {
  dataset: 'cifar10',
  normalization: 'standard',
  augmentation: { rotationDegrees: 15, shiftFraction: 0.1, zoom: 0, horizontalFlip: true },
  batchSize: 50,
  epochs: 125,
  syncPeriod: 1000,
  learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.6, everyEpochs: 10 },
  sparsity: { kind: 'none' },
  source: 'Section 5.2; released CIFAR-10 notebooks (learning rate 1e-3 * 0.6^(epoch div 10))',
}
