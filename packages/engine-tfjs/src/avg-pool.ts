/** Average pooling whose gradient is that of its forward pass on every backend. */
import { type AvgPool2dLayer, windowOutputSize, windowPadding } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { padForWindows } from './padding.ts'

/** For each window along one axis, how many places of the image it covers. */
const coverage = (
  size: number,
  window: number,
  stride: number,
  padding: AvgPool2dLayer['padding'],
): readonly number[] => {
  const before = windowPadding(size, window, stride, padding)[0]
  return Array.from({ length: windowOutputSize(size, window, stride, padding) }, (_, at) => {
    const from = at * stride - before
    return Math.min(size, from + window) - Math.max(0, from)
  })
}

/**
 * Means over windows; padded places do not count.
 *
 * With SAME padding it is written as sums divided by counts: tfjs's own gradient divides by the whole window where the forward pass divides
 * by the part of it that lies in the image.
 *
 * @param x `[batch, height, width, channels]`.
 */
export const avgPool2d = (
  x: tf.Tensor4D,
  { poolSize, strides, padding }: Pick<AvgPool2dLayer, 'poolSize' | 'strides' | 'padding'>,
): tf.Tensor4D => {
  const stride: [number, number] = [strides[0], strides[1]]
  if (padding === 'valid') return tf.avgPool(x, [poolSize[0], poolSize[1]], stride, padding)
  const [, height, width, channels] = x.shape
  const rows = coverage(height, poolSize[0], strides[0], padding)
  const columns = coverage(width, poolSize[1], strides[1], padding)
  const counts = rows.flatMap((row) => columns.map((column) => row * column))
  const padded = padForWindows(x, poolSize, strides, padding)
  const sums = tf.depthwiseConv2d(padded, tf.ones([poolSize[0], poolSize[1], channels, 1]), stride, 'valid')
  return tf.div(sums, tf.tensor4d(counts, [1, rows.length, columns.length, 1]))
}
