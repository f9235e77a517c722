import { dense, flatten, softmax } from '../layers/layer-kinds.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** F1: a linear model without bias, 7,840 weights; weight agnostic in the paper (40% pruned, the rest all 0.08). */
export const f1: ZooNetwork = {
  model: {
    name: 'f1',
    inputShape: [28, 28, 1],
    layers: [flatten, dense(10, { useBias: false }), softmax],
    initializers: { kernel: { kind: 'sharedValue', value: 0.08 }, bias: { kind: 'zeros' } },
    permutedRoles: ['kernel', 'bias'],
  },
  recipe: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: null,
    batchSize: 128,
    epochs: 10,
    syncPeriod: 250,
    learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 },
    sparsity: { kind: 'perKernel', fractions: [0.4] },
    source: 'Section 5.5: 40% pruned, kept weights all 0.08; released F1 notebook',
  },
}
