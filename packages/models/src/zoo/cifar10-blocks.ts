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
