/** Class probabilities. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'

/** Over the last axis. Only allowed as the last layer, where the loss is fused with it. */
export interface SoftmaxLayer {
  readonly kind: 'softmax'
}

/** Class probabilities; the last layer of a classifier. */
export const softmax: SoftmaxLayer = { kind: 'softmax' }

/** The rule: any shape, which stays, at the end of the model. */
export const softmaxKind: LayerKind<SoftmaxLayer> = {
  baseName: 'softmax',
  settings: { kind: { rule: exactly('softmax') } },
  infer: (_, { inputShape, isLast, refuse }) => {
    if (!isLast) refuse('softmax is only allowed as the last layer of the model')
    return { outputShape: inputShape }
  },
  // The loss is of logits: it has the softmax within it.
  differentiate: (_, { x }) => ({ y: x, pullback: (dy) => ({ dx: dy, parameters: {} }) }),
}
