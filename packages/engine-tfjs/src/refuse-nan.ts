/** What is never permuted: a variable with a NaN. */
import { weightVectorsSize } from '@laperm/core'
import { namingDiverged, throwIfDiverged } from '@laperm/core/kernel'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Look for NaN before anything is permuted: one number is read back for all variables.
 *
 * @throws DivergedError naming the first variable, vector and index that is NaN.
 */
export const refuseNaN = async (
  variables: readonly { readonly name: string; readonly tensor: tf.Tensor }[],
  read: (tensor: tf.Tensor) => Promise<Float32Array>,
): Promise<void> => {
  if (variables.length === 0) return
  const count = tf.tidy(() =>
    variables
      .map(({ tensor }) => tf.sum(tf.cast(tf.isNaN(tensor), 'float32')))
      .reduce((sum, each) => tf.add(sum, each)),
  )
  const [found] = await read(count)
  count.dispose()
  if (found === 0) return
  for (const { name, tensor } of variables) {
    const values = await read(tensor)
    namingDiverged(name, () => throwIfDiverged({ values, ...weightVectorsSize(tensor.shape) }))
  }
}
