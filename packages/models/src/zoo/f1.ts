import { dense, flatten, softmax } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'

/** F1: a linear model without bias, 7,840 weights; weight agnostic in the paper (40% pruned, the rest all 0.08). */
export const f1: Model = {
  name: 'f1',
  inputShape: [28, 28, 1],
  layers: [flatten, dense(10, { useBias: false }), softmax],
  initializers: { kernel: { kind: 'sharedValue', value: 0.08 }, bias: { kind: 'zeros' } },
  permutedRoles: ['kernel', 'bias'],
}
