/** From layers as data to operators: which operator a layer is, and which parameters it gets. */
import { type BatchNormLayer, type InferredLayer, interpretLayer, type LayerTable } from '@laperm/models'
import type { Activation } from '../operators/activation.ts'
import { batchNormInference, batchNormTraining } from '../operators/batch-norm.ts'
import { conv2d } from '../operators/conv2d.ts'
import { dense } from '../operators/dense.ts'
import { dropout } from '../operators/dropout.ts'
import { flatten, toLayoutOf } from '../operators/layout.ts'
import { avgPool2d, maxPool2d } from '../operators/pool2d.ts'
import { relu } from '../operators/relu.ts'
import { addBranches } from '../operators/residual.ts'
import type { LayerTrace } from './layer-trace.ts'

const appendDropout = (
  trace: LayerTrace,
  { name }: InferredLayer,
  rate: number,
  x: Activation,
): Activation => {
  const mask: Activation = {
    tensor: trace.dropoutMask(name, rate, x.shape),
    layout: x.layout === 'flat' ? 'flat' : 'nhwc',
    shape: x.shape,
  }
  return dropout(trace, x, toLayoutOf(trace, mask, x).tensor)
}

const appendBatchNorm = (
  trace: LayerTrace,
  { name }: InferredLayer,
  { epsilon, momentum }: BatchNormLayer,
  x: Activation,
): Activation => {
  const gamma = trace.parameter(`${name}/gamma`)
  const beta = trace.parameter(`${name}/beta`)
  if (!trace.isTraining) {
    const mean = trace.parameter(`${name}/movingMean`)
    const variance = trace.parameter(`${name}/movingVariance`)
    return batchNormInference(trace, x, { gamma, beta }, { mean, variance }, epsilon)
  }
  const { y, statistics } = batchNormTraining(trace, x, { gamma, beta }, epsilon, trace.inverseBatchSize())
  trace.updateMoving(`${name}/movingMean`, statistics.mean, momentum)
  trace.updateMoving(`${name}/movingVariance`, statistics.variance, momentum)
  return y
}

/** Where a layer is appended. */
interface LayerSite {
  readonly trace: LayerTrace
  readonly inferred: InferredLayer
  /** The layer's input. */
  readonly x: Activation
  /** Whether a rectifier follows, which a convolution does in the same pass. */
  readonly isBeforeRelu: boolean
}

/** What each kind of layer is in a graph. */
const appenders: LayerTable<LayerSite, Activation> = {
  dense: ({ useBias }, { trace, inferred: { name }, x }) =>
    dense(trace, x, trace.parameter(`${name}/kernel`), useBias ? trace.parameter(`${name}/bias`) : undefined),
  conv2d: (layer, { trace, inferred: { name, outputShape }, x, isBeforeRelu }) =>
    conv2d(trace, x, layer, outputShape, {
      kernel: trace.parameter(`${name}/kernel`),
      bias: layer.useBias ? trace.parameter(`${name}/bias`) : undefined,
      withRelu: isBeforeRelu,
    }),
  batchNorm: (layer, { trace, inferred, x }) => appendBatchNorm(trace, inferred, layer, x),
  relu: (_, { trace, x }) => relu(trace, x),
  maxPool2d: (layer, { trace, inferred, x }) => maxPool2d(trace, x, layer, inferred.outputShape),
  avgPool2d: (layer, { trace, inferred, x }) => avgPool2d(trace, x, layer, inferred.outputShape),
  flatten: (_, { trace, x }) => flatten(trace, x),
  dropout: ({ rate }, { trace, inferred, x }) =>
    trace.isTraining && rate > 0 ? appendDropout(trace, inferred, rate, x) : x,
  // Only ever the last layer, where the loss is fused with it: what flows on are the logits.
  softmax: (_, { x }) => x,
  residual: (_, { trace, inferred: { body, shortcut }, x }) =>
    addBranches(trace, appendLayers(trace, body, x), appendLayers(trace, shortcut, x)),
}

/** Append layers one after the other; gives the last one's output. A convolution does the rectifier that follows it in the same pass. */
export const appendLayers = (
  trace: LayerTrace,
  layers: readonly InferredLayer[],
  input: Activation,
): Activation =>
  layers.reduce((x, inferred, i) => {
    const isDone = inferred.layer.kind === 'relu' && layers[i - 1]?.layer.kind === 'conv2d'
    const isBeforeRelu = layers[i + 1]?.layer.kind === 'relu'
    return isDone ? x : interpretLayer(appenders, inferred.layer, { trace, inferred, x, isBeforeRelu })
  }, input)
