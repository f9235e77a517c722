/** Batch normalization. */
import { exactly, fraction, positive } from '../parse/rule.ts'
import { type LayerKind, vectorOf } from './layer-kind.ts'

/** Batch normalization over all axes but the last, with Keras's moving averages. */
export interface BatchNormLayer {
  readonly kind: 'batchNorm'
  readonly momentum: number
  readonly epsilon: number
}

const defaults = { momentum: 0.99, epsilon: 1e-3 } as const

/** Keras's batch normalization: momentum 0.99, epsilon 1e-3. */
export const batchNorm = (
  options: { readonly momentum?: number; readonly epsilon?: number } = {},
): BatchNormLayer => ({ kind: 'batchNorm', ...defaults, ...options })

/** The rule: the shape stays; four values a channel. */
export const batchNormKind: LayerKind<BatchNormLayer> = {
  baseName: 'batchNorm',
  settings: {
    kind: { rule: exactly('batchNorm') },
    momentum: { rule: fraction, byDefault: defaults.momentum },
    epsilon: { rule: positive, byDefault: defaults.epsilon },
  },
  infer: (_, site) => {
    const { inputShape } = site
    const channels = inputShape[inputShape.length - 1]
    return {
      outputShape: inputShape,
      parameters: [
        vectorOf(site, 'gamma', channels, { kind: 'ones' }),
        vectorOf(site, 'beta', channels, { kind: 'zeros' }),
        vectorOf(site, 'movingMean', channels, { kind: 'zeros' }),
        vectorOf(site, 'movingVariance', channels, { kind: 'ones' }),
      ],
    }
  },
}
