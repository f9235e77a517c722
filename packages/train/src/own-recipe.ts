/** What an experiment starts from where its network is not the zoo's. */
import type { Recipe } from '@laperm/models'

/**
 * Conv7's recipe without its augmentation, for 15 epochs. The data set is chosen by the network's input; k = 20 synchronizes some sixty times
 * an epoch on MNIST.
 */
export const ownRecipe: Omit<Recipe, 'dataset'> = {
  normalization: 'unit',
  augmentation: null,
  batchSize: 50,
  epochs: 15,
  syncPeriod: 20,
  learningRate: { kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 },
  sparsity: { kind: 'none' },
  source: "no paper's: Conv7's recipe (Section 5.1) without augmentation, 15 epochs",
}
