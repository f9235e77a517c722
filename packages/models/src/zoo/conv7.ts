import { conv2d, dense, dropout, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** Conv7, a modified LeNet-5: 325,578 parameters, no batch normalization; biases are permuted too. */
export const conv7: ZooNetwork = {
  model: {
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
  },
  recipe: {
    dataset: 'mnist',
    normalization: 'unit',
    augmentation: { rotationDegrees: 10, shiftFraction: 0.1, zoom: 0.1, horizontalFlip: false },
    batchSize: 50,
    epochs: 45,
    syncPeriod: 20,
    learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 },
    sparsity: { kind: 'none' },
    source: 'Section 5.1, Figure 5; released Conv7 notebook',
  },
}
