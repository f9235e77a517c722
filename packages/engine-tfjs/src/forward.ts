/**
 * The forward pass: layers as data, interpreted with tfjs operations. tfjs differentiates them.
 *
 * Activations are channels last, `[batch, height, width, channels]` or `[batch, units]`.
 */
import {
  type BatchNormLayer,
  type Conv2dLayer,
  type InferredLayer,
  interpretLayer,
  type LayerTable,
} from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { avgPool2d } from './avg-pool.ts'
import { padForWindows } from './padding.ts'

/** What a pass needs beside its input. */
export interface ForwardContext {
  /** Training: dropout drops, batch normalization uses the batch's own statistics and moves its averages. */
  readonly isTraining: boolean
  /** A parameter by name, `<layer>/<role>`. */
  readonly variable: (name: string) => tf.Variable
  /** A dropout layer's mask for this batch, `[batch, ...shape]`: 0, or `1 / (1 - rate)`. */
  readonly dropoutMask: (layer: string, rate: number, shape: readonly number[]) => tf.Tensor
}

/**
 * `y = gamma (x - mean) / sqrt(variance + epsilon) + beta` over all axes but the last. Training uses the batch's mean and biased variance
 * and moves the averages by Keras's rule, `average = momentum * average + (1 - momentum) * batch`.
 */
const batchNorm = (
  { isTraining, variable }: ForwardContext,
  { name }: InferredLayer,
  { momentum, epsilon }: BatchNormLayer,
  x: tf.Tensor,
): tf.Tensor => {
  const movingMean = variable(`${name}/movingMean`)
  const movingVariance = variable(`${name}/movingVariance`)
  const axes = x.shape.slice(0, -1).map((_, axis) => axis)
  const mean = isTraining ? tf.mean(x, axes) : movingMean
  const centered = tf.sub(x, mean)
  const variance = isTraining ? tf.mean(tf.square(centered), axes) : movingVariance
  if (isTraining) {
    const move = (average: tf.Variable, batch: tf.Tensor): void =>
      average.assign(tf.add(tf.mul(average, momentum), tf.mul(batch, 1 - momentum)))
    move(movingMean, mean)
    move(movingVariance, variance)
  }
  const slope = tf.div(variable(`${name}/gamma`), tf.sqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(centered, slope), variable(`${name}/beta`))
}

/** tfjs's convolution, but on wasm its SAME padding gives zeros where a stride is larger than the kernel: those are padded by us. */
const conv2d = (
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { kernelSize, strides, padding }: Conv2dLayer,
): tf.Tensor4D => {
  const stride: [number, number] = [strides[0], strides[1]]
  const skips = padding === 'same' && strides.some((each, axis) => each > kernelSize[axis])
  return skips
    ? tf.conv2d(padForWindows(x, kernelSize, strides, padding), kernel, stride, 'valid')
    : tf.conv2d(x, kernel, stride, padding)
}

const withBias = ({ variable }: ForwardContext, name: string, useBias: boolean, x: tf.Tensor): tf.Tensor =>
  useBias ? tf.add(x, variable(`${name}/bias`)) : x

/** Where a layer is computed. */
interface LayerSite {
  readonly context: ForwardContext
  readonly inferred: InferredLayer
  /** The layer's input. */
  readonly x: tf.Tensor
}

/** What each kind of layer computes. */
const passes: LayerTable<LayerSite, tf.Tensor> = {
  conv2d: (layer, { context, inferred: { name }, x }) => {
    const kernel = context.variable(`${name}/kernel`) as tf.Tensor as tf.Tensor4D
    return withBias(context, name, layer.useBias, conv2d(x as tf.Tensor4D, kernel, layer))
  },
  dense: ({ useBias }, { context, inferred: { name }, x }) => {
    const kernel = context.variable(`${name}/kernel`) as tf.Tensor as tf.Tensor2D
    return withBias(context, name, useBias, tf.matMul(x as tf.Tensor2D, kernel))
  },
  batchNorm: (layer, { context, inferred, x }) => batchNorm(context, inferred, layer, x),
  relu: (_, { x }) => tf.relu(x),
  maxPool2d: ({ poolSize, strides, padding }, { x }) =>
    tf.maxPool(
      x as tf.Tensor4D,
      [...poolSize] as [number, number],
      [...strides] as [number, number],
      padding,
    ),
  avgPool2d: (layer, { x }) => avgPool2d(x as tf.Tensor4D, layer),
  flatten: (_, { inferred, x }) => tf.reshape(x, [x.shape[0], ...inferred.outputShape]),
  dropout: ({ rate }, { context: { isTraining, dropoutMask }, inferred: { name, inputShape }, x }) =>
    isTraining && rate > 0 ? tf.mul(x, dropoutMask(name, rate, inputShape)) : x,
  // Only ever the last layer, where the loss is fused with it: what flows on are the logits.
  softmax: (_, { x }) => x,
  residual: (_, { context, inferred: { body, shortcut }, x }) =>
    tf.add(forward(context, body, x), forward(context, shortcut, x)),
}

/** Run layers one after the other; gives the last one's output, of a classifier its logits. */
export const forward = (
  context: ForwardContext,
  layers: readonly InferredLayer[],
  input: tf.Tensor,
): tf.Tensor =>
  layers.reduce((x, inferred) => interpretLayer(passes, inferred.layer, { context, inferred, x }), input)
