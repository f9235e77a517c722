/** tfjs's tensors as `@laperm/core` makes a backend of tensor operations with: how they are made, read and given back. */
import type { TensorMemory } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'

/** Tensors on tfjs's active backend. tfjs keeps the array that it is given, so it gets a copy; so does whoever reads one. */
export const tensorMemory: TensorMemory<tf.Tensor> = {
  upload: (values, shape) => tf.tensor(values.slice(), [...shape]),
  download: async (tensor) => ((await tensor.data<'float32'>()) as Float32Array).slice(),
  dispose: (tensor) => tensor.dispose(),
}
