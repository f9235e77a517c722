/** Inverted dropout. */
import { exactly, fraction } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'

/** Inverted dropout: in training each value is dropped with probability `rate` and the kept ones are divided by `1 - rate`. */
export interface DropoutLayer {
  readonly kind: 'dropout'
  readonly rate: number
}

/** Drop each value with probability `rate`, in `[0, 1)`, while training. */
export const dropout = (rate: number): DropoutLayer => ({ kind: 'dropout', rate })

/** The rule: any shape, which stays. */
export const dropoutKind: LayerKind<DropoutLayer> = {
  baseName: 'dropout',
  settings: { kind: { rule: exactly('dropout') }, rate: { rule: fraction } },
  infer: (_, { inputShape }) => ({ outputShape: inputShape }),
}
