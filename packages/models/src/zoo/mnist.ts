/** The paper's MNIST networks. @see arXiv:2003.02570 Table 1, Sections 3 and 5.5 */
import { conv2d, dense, dropout, flatten, relu, softmax } from '../layers.ts'
import type { Model } from '../model.ts'

const mnistShape = [28, 28, 1] as const

/** F1: a linear model without bias, 7,840 weights; weight agnostic in the paper (40% pruned, the rest all 0.08). */
export const f1: Model = {
  name: 'f1',
  inputShape: mnistShape,
  layers: [flatten, dense(10, { useBias: false }), softmax],
  initializers: { kernel: { kind: 'sharedValue', value: 0.08 }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel', 'bias'],
}

/** F2: two hidden layers without bias, 109,184 weights; weight agnostic in the paper (mostly pruned, the rest all 0.03). */
export const f2: Model = {
  name: 'f2',
  inputShape: mnistShape,
  layers: [
    flatten,
    dense(128, { useBias: false, l2: 1e-4 }),
    relu,
    dense(64, { useBias: false, l2: 1e-4 }),
    relu,
    dense(10, { useBias: false }),
    softmax,
  ],
  initializers: { kernel: { kind: 'sharedValue', value: 0.03 }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel', 'bias'],
}

/** The Section-3 network: 784-100-100-10, 89,400 weights and 210 biases. */
export const mlp: Model = {
  name: 'mlp',
  inputShape: mnistShape,
  layers: [flatten, dense(100), relu, dense(100), relu, dense(10), softmax],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
}

/** Conv7, a modified LeNet-5: 325,578 parameters, no batch normalization; biases are permuted too. */
export const conv7: Model = {
  name: 'conv7',
  inputShape: mnistShape,
  layers: [
    conv2d(32, 3),
    relu,
    conv2d(32, 3),
    relu,
    conv2d(32, 5, { stride: 2, padding: 'same' }),
    relu,
    dropout(0.4),
    conv2d(64, 3),
    relu,
    conv2d(64, 3),
    relu,
    conv2d(64, 5, { stride: 2, padding: 'same' }),
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
