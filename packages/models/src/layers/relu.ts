/** Rectifier. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'

/** `max(x, 0)`. */
export interface ReluLayer {
  readonly kind: 'relu'
}

/** `max(x, 0)`. */
export const relu: ReluLayer = { kind: 'relu' }

/** The rule: any shape, which stays. */
export const reluKind: LayerKind<ReluLayer> = {
  baseName: 'relu',
  settings: { kind: { rule: exactly('relu') } },
  infer: (_, { inputShape }) => ({ outputShape: inputShape }),
}
