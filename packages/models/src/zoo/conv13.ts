import { batchNorm, dense, dropout, flatten, maxPool2d, relu, softmax } from '../layers/layer-kinds.ts'
import { convBlock, convolutionRecipe, heUniform, l2 } from './cifar10-blocks.ts'
import type { ZooNetwork } from './zoo-network.ts'

/** Conv13, a modified VGG: about 14.9 million weights. */
export const conv13: ZooNetwork = {
  model: {
    name: 'conv13',
    inputShape: [32, 32, 3],
    layers: [
      ...convBlock(64, 0.3),
      ...convBlock(64),
      maxPool2d(2),
      ...convBlock(128, 0.4),
      ...convBlock(128),
      maxPool2d(2),
      ...convBlock(256, 0.4),
      ...convBlock(256, 0.4),
      ...convBlock(256),
      maxPool2d(2),
      ...convBlock(512, 0.4),
      ...convBlock(512, 0.4),
      ...convBlock(512),
      maxPool2d(2),
      ...convBlock(512, 0.4),
      ...convBlock(512, 0.4),
      ...convBlock(512),
      maxPool2d(2),
      dropout(0.5),
      flatten,
      dense(512, { l2 }),
      relu,
      batchNorm(),
      dropout(0.5),
      dense(10),
      softmax,
    ],
    initializers: heUniform,
    permutedRoles: ['kernel'],
  },
  recipe: convolutionRecipe,
}
