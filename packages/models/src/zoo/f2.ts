import { dense, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** F2: two hidden layers without bias, 109,184 weights; weight agnostic in the paper (mostly pruned, the rest all 0.03). */
export const f2: ZooNetwork = {
  model: {
    name: 'f2',
    inputShape: [28, 28, 1],
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
  },
  recipe: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 128,
    epochs: 25,
    syncPeriod: 250,
    learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 },
    sparsity: { kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] },
    source: 'Section 5.5: keeps 1/15, 1/7 and 1/3 of its kernels, all 0.03; released F2 notebook',
  },
}
