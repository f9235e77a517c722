/** All axes into one. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'

/** Row-major: a `[h, w, c]` activation becomes `h * w * c` values with the channel fastest. */
export interface FlattenLayer {
  readonly kind: 'flatten'
}

/** All axes into one, row-major. */
export const flatten: FlattenLayer = { kind: 'flatten' }

/** The rule: any shape in, one axis out. */
export const flattenKind: LayerKind<FlattenLayer> = {
  baseName: 'flatten',
  settings: { kind: { rule: exactly('flatten') } },
  infer: (_, { inputShape }) => ({ outputShape: [inputShape.reduce((product, axis) => product * axis, 1)] }),
  differentiate: (_, { x, outputShape }) => ({
    y: { values: x.values, shape: [x.shape[0], ...outputShape] },
    pullback: (dy) => ({ dx: dy, parameters: {} }),
  }),
}
