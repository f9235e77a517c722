/** Softmax cross-entropy against class numbers, and how often the largest logit is the right one. */
import type { Batch } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'

/** What a batch's logits are worth. */
export interface BatchScore {
  /** Sum of the cross-entropies in nats, no axes. */
  readonly lossSum: tf.Tensor
  /** Examples whose largest logit is the label's, no axes. */
  readonly correct: tf.Tensor
}

/**
 * `-sum over the batch of log softmax(logits)[label]`; the largest logit is subtracted first, so that it never overflows.
 *
 * @param logits `[size, classes]`.
 */
export const softmaxCrossEntropy = (logits: tf.Tensor, { labels, size }: Batch): BatchScore => {
  const classes = logits.shape[1] as number
  const oneHot = new Float32Array(size * classes)
  for (let i = 0; i < size; i++) oneHot[i * classes + labels[i]] = 1
  const expected = tf.tensor2d(oneHot, [size, classes])
  const isRight = tf.equal(tf.argMax(logits, 1), tf.tensor1d(Int32Array.from(labels), 'int32'))
  return {
    lossSum: tf.neg(tf.sum(tf.mul(expected, tf.logSoftmax(logits)))),
    correct: tf.sum(tf.cast(isRight, 'float32')),
  }
}
