import { maxPool2d } from '../layers/layer-kinds.ts'
import { convBlock, convolutionRecipe, denseHead, heUniform } from './cifar10-blocks.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** Conv4: about 2.4 million weights. */
export const conv4: ZooNetwork = {
  model: {
    name: 'conv4',
    inputShape: [32, 32, 3],
    layers: [
      ...convBlock(64, 0.3),
      ...convBlock(64),
      maxPool2d(2),
      ...convBlock(128, 0.4),
      ...convBlock(128),
      maxPool2d(2),
      ...denseHead,
    ],
    initializers: heUniform,
    permutedRoles: ['kernel'],
  },
  recipe: convolutionRecipe,
}
