/** Rectifier. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'
import type { Applied, Tensor64 } from './layer64.ts'

/** `max(x, 0)`. */
export interface ReluLayer {
  readonly kind: 'relu'
}

/** `max(x, 0)`. */
export const relu: ReluLayer = { kind: 'relu' }

/** `max(x, 0)`. */
export const relu64 = (x: Tensor64): Applied => ({
  y: { values: x.values.map((value) => Math.max(value, 0)), shape: x.shape },
  pullback: (dy) => ({
    dx: dy.map((gradient, i) => (x.values[i] > 0 ? gradient : 0)),
    parameters: {},
  }),
})

/** The rule: any shape, which stays. */
export const reluKind: LayerKind<ReluLayer> = {
  baseName: 'relu',
  settings: { kind: { rule: exactly('relu') } },
  infer: (_, { inputShape }) => ({ outputShape: inputShape }),
  differentiate: (_, { x }) => relu64(x),
}
