/** Synchronization as the authors' code does it, on tensors: `argsort(argsort(w))`, then `gather_nd`. */
import * as tf from '@tensorflow/tfjs-core'

/** TensorFlow's argsort: TopK of the negated rows. */
const argsortRows = (rows: tf.Tensor2D): tf.Tensor2D => tf.topk(tf.neg(rows), rows.shape[1], true).indices

/**
 * @param sorted theta_sorted, `[length, count]`; @param w of the same shape.
 * @returns `result[i, j] = sorted[rank(w)[i, j], j]`.
 */
export const authorsSync = (sorted: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const [length, count] = w.shape
    const order = argsortRows(tf.transpose(w) as tf.Tensor2D)
    const ranks = argsortRows(tf.cast(order, 'float32'))
    const columns = tf.tile(tf.reshape(tf.range(0, count, 1, 'int32'), [count, 1]), [1, length])
    const places = tf.stack([ranks, columns], 2)
    return tf.transpose(tf.gatherND(sorted, places)) as tf.Tensor2D
  })
