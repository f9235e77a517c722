/** Softmax and cross-entropy, fused: the loss of a classifier, and how often it is right. */
import {
  argMax,
  cast,
  equal,
  exponential,
  logSoftmax,
  multiply,
  negate,
  reduceSum,
  reshape,
  subtract,
} from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import { batchAxis } from './activation.ts'

export interface SoftmaxCrossEntropy {
  /** `-sum over the batch of log softmax(logits)[label]`, in nats, no axes. */
  readonly lossSum: Tensor
  /** Examples whose largest logit is the label's (the first where several are the largest), no axes. */
  readonly correct: Tensor
  /** Gradient of the MEAN loss: `(softmax(logits) - onehot(label)) / batch size`, given `1 / batch size` (no axes). */
  readonly logitsGradient: (inverseBatchSize: Tensor) => Tensor
}

/**
 * Cross-entropy of `softmax(logits)` against class numbers, computed with the largest logit subtracted, so that it never overflows.
 *
 * @param logits `[batch, classes]`.
 * @param labels `[batch]`, uint8, each below the number of classes.
 */
export const softmaxCrossEntropy = (
  graph: GraphBuilder,
  logits: Tensor,
  labels: Tensor,
): SoftmaxCrossEntropy => {
  const classes = Number(logits.shape[1])
  const labelNumbers = cast(graph, labels, 'int32')
  const classNumbers = graph.constant(
    Int32Array.from({ length: classes }, (_, index) => index),
    [1, classes],
  )
  const oneHot = cast(
    graph,
    equal(graph, reshape(graph, labelNumbers, [batchAxis, 1]), classNumbers),
    'float32',
  )
  const logProbabilities = logSoftmax(graph, logits)
  const isRight = equal(graph, cast(graph, argMax(graph, logits, 1), 'int32'), labelNumbers)
  return {
    lossSum: negate(graph, reduceSum(graph, multiply(graph, oneHot, logProbabilities), [0, 1], false)),
    correct: reduceSum(graph, cast(graph, isRight, 'float32'), [0], false),
    logitsGradient: (inverseBatchSize) =>
      multiply(graph, subtract(graph, exponential(graph, logProbabilities), oneHot), inverseBatchSize),
  }
}
