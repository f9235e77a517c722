/** Small networks that together have every kind of layer, in awkward sizes. */
import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  type Layer,
  type Model,
  maxPool2d,
  relu,
  residual,
  softmax,
} from '@laperm/models'

const initializers = { kernel: { kind: 'heUniform' }, bias: { kind: 'heUniform' } } as const

/** A model with the initializers of the laws. */
export const makeModel = (
  name: string,
  inputShape: readonly number[],
  layers: readonly Layer[],
  permutedRoles: Model['permutedRoles'] = ['kernel'],
): Model => ({ name, inputShape, layers, initializers, permutedRoles })

/** Dense layers with dropout, penalties, and a layer without bias. */
export const denseNet = makeModel(
  'dense net',
  [7],
  [
    dense(9, { l2: 1e-3 }),
    relu,
    dropout(0.4),
    dense(6, { useBias: false, l2: 1e-4 }),
    relu,
    dropout(0.5),
    dense(5),
    softmax,
  ],
)

/** A kernel of 266,000 weights: more than the optimizer updates in one go. */
export const wideNet = makeModel('wide net', [380], [dense(700, { l2: 1e-4 }), relu, dense(5), softmax])

/** Without dropout and batch normalization: in training it computes what it computes in inference. */
export const scoredNet = makeModel('scored net', [7], [dense(9), relu, dense(6), softmax])

/** As {@link denseNet}, on images. */
export const flattenedDenseNet: Model = {
  ...denseNet,
  name: 'flattened dense net',
  inputShape: [2, 3, 4],
  layers: [flatten, ...denseNet.layers],
}

/**
 * Every kind of layer: residual with and without projection, batch norm on images and rows, both pools, strides, both paddings.
 *
 * Some convolutions have channels for NCHWc blocks of 8 and of 16, and some have not.
 */
export const everyLayerNet = makeModel(
  'net of every layer',
  [11, 8, 3],
  [
    conv2d(16, 3, { padding: 'same', l2: 1e-4 }),
    batchNorm(),
    relu,
    residual([
      conv2d(16, 3, { padding: 'same', useBias: false }),
      batchNorm({ momentum: 0.9 }),
      relu,
      dropout(0.3),
      conv2d(16, 3, { padding: 'same' }),
    ]),
    relu,
    residual(
      [conv2d(32, 3, { strides: 2, padding: 'same' }), batchNorm()],
      [conv2d(32, 1, { strides: 2, padding: 'same', l2: 1e-3 })],
    ),
    relu,
    dropout(0.25),
    maxPool2d(2),
    conv2d(7, 2),
    relu,
    avgPool2d(2, { strides: 1, padding: 'same' }),
    flatten,
    dense(12, { l2: 1e-3 }),
    relu,
    batchNorm(),
    dropout(0.5),
    dense(4),
    softmax,
  ],
)

/** Convolutions alone, as in Conv7: an odd 5x5 with stride 2 and SAME padding, a valid one down to a single place. */
export const convNet = makeModel(
  'conv net',
  [13, 14, 1],
  [
    conv2d(4, 3),
    relu,
    conv2d(5, 5, { strides: 2, padding: 'same' }),
    relu,
    dropout(0.4),
    conv2d(6, 4),
    relu,
    maxPool2d(3, { strides: 1 }),
    flatten,
    dropout(0.4),
    dense(10),
    softmax,
  ],
  ['kernel', 'bias'],
)

/** Layers that pass an image on without a convolution before them, and a pool whose windows overlap. */
export const poolFirstNet = makeModel(
  'pool first net',
  [9, 9, 2],
  [
    batchNorm(),
    dropout(0.2),
    relu,
    maxPool2d(3, { strides: 2, padding: 'same' }),
    residual([conv2d(2, 1)], []),
    avgPool2d(3, { strides: 3, padding: 'same' }),
    flatten,
    dense(3),
    softmax,
  ],
)
