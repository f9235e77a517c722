import { dense, flatten, relu, softmax } from '../layers/layer-kinds.ts'
import type { Model } from '../model.ts'

/** F2: two hidden layers without bias, 109,184 weights; weight agnostic in the paper (mostly pruned, the rest all 0.03). */
export const f2: Model = {
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
}
