/** TensorFlow's SAME padding as zeros around an image, for operations that get it wrong themselves. */
import { type Padding, windowPadding } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Zeros around an image such that windows without padding give what padded ones should.
 *
 * @param x `[batch, height, width, channels]`.
 */
export const padForWindows = (
  x: tf.Tensor4D,
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): tf.Tensor4D => {
  const rows = windowPadding(x.shape[1], window[0], strides[0], padding)
  const columns = windowPadding(x.shape[2], window[1], strides[1], padding)
  return [...rows, ...columns].every((zeros) => zeros === 0)
    ? x
    : tf.pad(x, [
        [0, 0],
        [rows[0], rows[1]],
        [columns[0], columns[1]],
        [0, 0],
      ])
}
