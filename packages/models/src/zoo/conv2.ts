import { maxPool2d } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'
import { convBlock, denseHead, heUniform } from './cifar10-blocks.ts'

/** Conv2: about 4.3 million weights. */
export const conv2: Model = {
  name: 'conv2',
  inputShape: [32, 32, 3],
  layers: [...convBlock(64, 0.3), ...convBlock(64), maxPool2d(2), ...denseHead],
  initializers: heUniform,
  permutedRoles: ['kernel'],
}
