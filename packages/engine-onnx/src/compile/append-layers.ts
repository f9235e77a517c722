/** From layers as data to operators: which operator a layer is, and which parameters it gets. */
import type { BatchNormLayer, InferredLayer } from '@laperm/models'
import type { Tensor } from '../onnx/graph-builder.ts'
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

const appendDropout = (trace: LayerTrace, inferred: InferredLayer, x: Activation): Activation => {
  const mask: Activation = {
    tensor: trace.dropoutMask(inferred),
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

const appendLayer = (
  trace: LayerTrace,
  inferred: InferredLayer,
  x: Activation,
  isBeforeRelu: boolean,
): Activation => {
  const { layer, name } = inferred
  const parameter = (role: string): Tensor => trace.parameter(`${name}/${role}`)
  switch (layer.kind) {
    case 'dense':
      return dense(trace, x, parameter('kernel'), layer.useBias ? parameter('bias') : undefined)
    case 'relu':
      return relu(trace, x)
    case 'flatten':
      return flatten(trace, x)
    case 'dropout':
      return trace.isTraining && layer.rate > 0 ? appendDropout(trace, inferred, x) : x
    case 'softmax':
      // Only ever the last layer, where the loss is fused with it: what flows on are the logits.
      return x
    case 'conv2d':
      return conv2d(trace, x, layer, inferred.outputShape, {
        kernel: parameter('kernel'),
        bias: layer.useBias ? parameter('bias') : undefined,
        withRelu: isBeforeRelu,
      })
    case 'maxPool2d':
      return maxPool2d(trace, x, layer, inferred.outputShape)
    case 'avgPool2d':
      return avgPool2d(trace, x, layer, inferred.outputShape)
    case 'batchNorm':
      return appendBatchNorm(trace, inferred, layer, x)
    case 'residual':
      return addBranches(
        trace,
        appendLayers(trace, inferred.body, x),
        appendLayers(trace, inferred.shortcut, x),
      )
    default:
      return layer satisfies never
  }
}

/** Append layers one after the other; gives the last one's output. A convolution does the rectifier that follows it in the same pass. */
export const appendLayers = (
  trace: LayerTrace,
  layers: readonly InferredLayer[],
  input: Activation,
): Activation =>
  layers.reduce((x, layer, i) => {
    const isDone = layer.layer.kind === 'relu' && layers[i - 1]?.layer.kind === 'conv2d'
    return isDone ? x : appendLayer(trace, layer, x, layers[i + 1]?.layer.kind === 'relu')
  }, input)
