import { dense, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** The Section-3 network: 784-100-100-10, 89,400 weights and 210 biases. */
export const mlp: ZooNetwork = {
  model: {
    name: 'mlp',
    inputShape: [28, 28, 1],
    layers: [flatten, dense(100), relu, dense(100), relu, dense(10), softmax],
    initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
    permutedRoles: ['kernel'],
  },
  recipe: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 50,
    epochs: 15,
    syncPeriod: 20,
    learningRate: {
      kind: 'steps',
      initial: 1e-3,
      boundaries: [
        { epoch: 10, factor: 0.5 },
        { epoch: 20, factor: 0.1 },
      ],
    },
    sparsity: { kind: 'none' },
    source: 'Section 3: learning rate divided by 2 at epoch 10 and by 5 more at 20; k as for Conv7',
  },
}
