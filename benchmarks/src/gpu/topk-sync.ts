/** Synchronization as a tfjs user would write it, on whatever backend is active: tfjs has no sort but `tf.topk`. */
import * as tf from '@tensorflow/tfjs-core'
import { authorsSync } from '../tensorflow/authors-sync.ts'

/** A way to synchronize `[length, count]` tensors. The result belongs to the caller. */
export type TensorSync = (sorted: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor2D | Promise<tf.Tensor2D>

const ascendingOrder = (w: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => tf.topk(tf.neg(tf.transpose(w)), w.shape[0], true).indices)

/** One topk; theta_sorted is scattered to where the weights are. */
const topkScatter: TensorSync = (sorted, w) =>
  tf.tidy(() => {
    const [length, count] = w.shape
    const order = ascendingOrder(w)
    const vectors = tf.tile(tf.reshape(tf.range(0, count, 1, 'int32'), [count, 1]), [1, length])
    const places = tf.reshape(tf.stack([order, vectors], 2), [length * count, 2])
    return tf.scatterND(places, tf.reshape(tf.transpose(sorted), [length * count]), [length, count])
  }) as tf.Tensor2D

/**
 * A tensor that only the device has, as it is in training: tfjs keeps what it has read, and what was made from an array, on the host, and
 * would neither read it back nor upload it. Costs one pass over the values.
 */
export const onDevice = (x: tf.Tensor2D): tf.Tensor2D => tf.mul(x, 1)

const hostCopies = new WeakMap<tf.Tensor, Float32Array>()

/** theta_sorted never changes, so its values are kept on the host. */
export const hostCopy = async (sorted: tf.Tensor2D): Promise<Float32Array> => {
  const known = hostCopies.get(sorted)
  if (known !== undefined) return known
  const copy = onDevice(sorted)
  const values = (await copy.data<'float32'>()).slice()
  copy.dispose()
  hostCopies.set(sorted, values)
  return values
}

/** One topk, read back; theta_sorted is scattered in JavaScript and uploaded. */
const topkReadBack: TensorSync = async (sorted, w) => {
  const [length, count] = w.shape
  const order = ascendingOrder(w)
  const [places, values] = await Promise.all([order.data(), hostCopy(sorted)])
  order.dispose()
  const out = new Float32Array(length * count)
  for (let j = 0; j < count; j++)
    for (let rank = 0; rank < length; rank++)
      out[places[j * length + rank] * count + j] = values[rank * count + j]
  return tf.tidy(() => onDevice(tf.tensor2d(out, [length, count])))
}

/** Every way, by what it does. */
export const topkWays: Readonly<Record<'webgl' | 'webgpu', Readonly<Record<string, TensorSync>>>> = {
  // scatterND on WebGL looks at every update for every output: hours for a network. It is left out.
  webgl: {
    'topk, topk of its indices, gatherND': authorsSync,
    'topk, read back, scattered in JavaScript, uploaded': topkReadBack,
  },
  webgpu: {
    'topk, topk of its indices, gatherND': authorsSync,
    'topk, scatterND': topkScatter,
    'topk, read back, scattered in JavaScript, uploaded': topkReadBack,
  },
}
