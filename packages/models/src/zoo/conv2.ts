import { maxPool2d } from '../layers/layer-kinds.ts'
import { convBlock, convolutionRecipe, denseHead, heUniform } from './cifar10-blocks.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** Conv2: about 4.3 million weights. */
export const conv2: ZooNetwork = {
  model: {
    name: 'conv2',
    inputShape: [32, 32, 3],
    layers: [...convBlock(64, 0.3), ...convBlock(64), maxPool2d(2), ...denseHead],
    initializers: heUniform,
    permutedRoles: ['kernel'],
  },
  recipe: convolutionRecipe,
}
