/** The paper's CIFAR-10 networks. @see arXiv:2003.02570 Table 1 */
import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  residual,
  softmax,
} from '../layers.ts'
import type { Layer, Model } from '../model.ts'

const cifar10Shape = [32, 32, 3] as const
const l2 = 1e-4
const heUniform = { kernel: { kind: 'heUniform' }, bias: { kind: 'heUniform' } } as const

/** conv 3x3 same, relu, BN, and a dropout of its own where the rate is not 0. */
const convBlock = (filters: number, dropoutRate = 0): readonly Layer[] => [
  conv2d(filters, 3, { padding: 'same', l2 }),
  relu,
  batchNorm(),
  ...(dropoutRate === 0 ? [] : [dropout(dropoutRate)]),
]

/** The dense part that Conv2 and Conv4 share. */
const denseHead: readonly Layer[] = [
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

/** Conv2: about 4.3 million weights. */
export const conv2: Model = {
  name: 'conv2',
  inputShape: cifar10Shape,
  layers: [...convBlock(64, 0.3), ...convBlock(64), maxPool2d(2), ...denseHead],
  initializers: heUniform,
  permutedRoles: ['kernel'],
}

/** Conv4: about 2.4 million weights. */
export const conv4: Model = {
  name: 'conv4',
  inputShape: cifar10Shape,
  layers: [
    ...convBlock(64, 0.3),
    ...convBlock(64),
    maxPool2d(2),
    ...convBlock(128, 0.4),
    ...convBlock(128),
    maxPool2d(2),
    ...denseHead,
  ],
  initializers: heUniform,
  permutedRoles: ['kernel'],
}

/** Conv13, a modified VGG: about 14.9 million weights. */
export const conv13: Model = {
  name: 'conv13',
  inputShape: cifar10Shape,
  layers: [
    ...convBlock(64, 0.3),
    ...convBlock(64),
    maxPool2d(2),
    ...convBlock(128, 0.4),
    ...convBlock(128),
    maxPool2d(2),
    ...convBlock(256, 0.4),
    ...convBlock(256, 0.4),
    ...convBlock(256),
    maxPool2d(2),
    ...convBlock(512, 0.4),
    ...convBlock(512, 0.4),
    ...convBlock(512),
    maxPool2d(2),
    ...convBlock(512, 0.4),
    ...convBlock(512, 0.4),
    ...convBlock(512),
    maxPool2d(2),
    dropout(0.5),
    flatten,
    dense(512, { l2 }),
    relu,
    batchNorm(),
    dropout(0.5),
    dense(10),
    softmax,
  ],
  initializers: heUniform,
  permutedRoles: ['kernel'],
}

/** A basic block of ResNet v1: two 3x3 convolutions with BN; the first block of stacks 2 and 3 halves the image and projects. */
const basicBlock = (filters: number, stride: number): readonly Layer[] => [
  residual(
    [
      conv2d(filters, 3, { stride, padding: 'same', l2 }),
      batchNorm(),
      relu,
      conv2d(filters, 3, { padding: 'same', l2 }),
      batchNorm(),
    ],
    stride === 1 ? [] : [conv2d(filters, 1, { stride, padding: 'same', l2 })],
  ),
  relu,
]

const stack = (filters: number, firstStride: number): readonly Layer[] =>
  Array.from({ length: 8 }, (_, block) => basicBlock(filters, block === 0 ? firstStride : 1)).flat()

/** ResNet50 of the paper: CIFAR ResNet v1 of depth 6n + 2 with n = 8, about 760 thousand weights. */
export const resnet50: Model = {
  name: 'resnet50',
  inputShape: cifar10Shape,
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
}
