/** Inverted dropout. */
import { exactly, fraction } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'
import type { Applied, Tensor64 } from './layer64.ts'

/** Inverted dropout: in training each value is dropped with probability `rate` and the kept ones are divided by `1 - rate`. */
export interface DropoutLayer {
  readonly kind: 'dropout'
  readonly rate: number
}

/** Drop each value with probability `rate`, in `[0, 1)`, while training. */
export const dropout = (rate: number): DropoutLayer => ({ kind: 'dropout', rate })

/** Times a mask, which holds 0 or the scale of what is kept. */
export const dropout64 = (x: Tensor64, mask: Float64Array): Applied => ({
  y: { values: x.values.map((value, i) => value * mask[i]), shape: x.shape },
  pullback: (dy) => ({ dx: dy.map((gradient, i) => gradient * mask[i]), parameters: {} }),
})

/** The rule: any shape, which stays. */
export const dropoutKind: LayerKind<DropoutLayer> = {
  baseName: 'dropout',
  settings: { kind: { rule: exactly('dropout') }, rate: { rule: fraction } },
  infer: (_, { inputShape }) => ({ outputShape: inputShape }),
  differentiate: (_, { x, mask }) => dropout64(x, mask()),
}
