import { dense, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'

/** The Section-3 network: 784-100-100-10, 89,400 weights and 210 biases. */
export const mlp: Model = {
  name: 'mlp',
  inputShape: [28, 28, 1],
  layers: [flatten, dense(100), relu, dense(100), relu, dense(10), softmax],
  initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel'],
}
