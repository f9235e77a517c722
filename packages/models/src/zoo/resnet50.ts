import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  flatten,
  type Layer,
  relu,
  residual,
  softmax,
} from '../layers/layer-kinds.ts'
import { l2 } from './cifar10-blocks.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** A basic block of ResNet v1: two 3x3 convolutions with BN; the first block of stacks 2 and 3 halves the image and projects. */
const basicBlock = (filters: number, strides: number): readonly Layer[] => [
  residual(
    [
      conv2d(filters, 3, { strides, padding: 'same', l2 }),
      batchNorm(),
      relu,
      conv2d(filters, 3, { padding: 'same', l2 }),
      batchNorm(),
    ],
    strides === 1 ? [] : [conv2d(filters, 1, { strides, padding: 'same', l2 })],
  ),
  relu,
]

const stack = (filters: number, firstStrides: number): readonly Layer[] =>
  Array.from({ length: 8 }, (_, block) => basicBlock(filters, block === 0 ? firstStrides : 1)).flat()

/** ResNet50 of the paper: CIFAR ResNet v1 of depth 6n + 2 with n = 8, about 760 thousand weights. */
export const resnet50: ZooNetwork = {
  model: {
    name: 'resnet50',
    inputShape: [32, 32, 3],
    layers: [
      conv2d(16, 3, { padding: 'same', l2 }),
      batchNorm(),
      relu,
      ...stack(16, 1),
      ...stack(32, 2),
      ...stack(64, 2),
      avgPool2d(8),
      flatten,
      dense(10),
      softmax,
    ],
    initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
    permutedRoles: ['kernel'],
  },
  recipe: {
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
    sparsity: { kind: 'none' },
    source: 'Section 5.4: divided by 10 at epochs 80, 120 and 160, by 2 at 180; k = 400 for dense weights',
  },
}
