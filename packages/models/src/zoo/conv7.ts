import { conv2d, dense, dropout, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'

/** Conv7, a modified LeNet-5: 325,578 parameters, no batch normalization; biases are permuted too. */
export const conv7: Model = {
  name: 'conv7',
  inputShape: [28, 28, 1],
  layers: [
    conv2d(32, 3),
    relu,
    conv2d(32, 3),
    relu,
    conv2d(32, 5, { strides: 2, padding: 'same' }),
    relu,
    dropout(0.4),
    conv2d(64, 3),
    relu,
    conv2d(64, 3),
    relu,
    conv2d(64, 5, { strides: 2, padding: 'same' }),
    relu,
    dropout(0.4),
    conv2d(128, 4),
    relu,
    flatten,
    dropout(0.4),
    dense(10),
    softmax,
  ],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'heUniform' } },
  permutedRoles: ['kernel', 'bias'],
}
