/** Batch normalization. */
import { exactly, fraction, positive } from '../parse/rule.ts'
import { type LayerKind, vectorOf } from './layer-kind.ts'
import type { Applied, Tensor64 } from './layer64.ts'

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

/** Training mode: the batch's own mean and biased variance, over all axes but the last. */
export const batchNorm64 = (
  x: Tensor64,
  epsilon: number,
  gamma: Float64Array,
  beta: Float64Array,
): Applied & { readonly mean: Float64Array; readonly variance: Float64Array } => {
  const channels = x.shape[x.shape.length - 1]
  const count = x.values.length / channels
  const mean = new Float64Array(channels)
  const variance = new Float64Array(channels)
  x.values.forEach((value, i) => {
    mean[i % channels] += value / count
  })
  x.values.forEach((value, i) => {
    variance[i % channels] += (value - mean[i % channels]) ** 2 / count
  })
  const scale = variance.map((value) => 1 / Math.sqrt(value + epsilon))
  const normalized = x.values.map((value, i) => (value - mean[i % channels]) * scale[i % channels])
  return {
    mean,
    variance,
    y: {
      values: normalized.map((value, i) => gamma[i % channels] * value + beta[i % channels]),
      shape: x.shape,
    },
    pullback: (dy) => {
      const dGamma = new Float64Array(channels)
      const dBeta = new Float64Array(channels)
      dy.forEach((gradient, i) => {
        dGamma[i % channels] += gradient * normalized[i]
        dBeta[i % channels] += gradient
      })
      const dx = dy.map((gradient, i) => {
        const c = i % channels
        return ((gamma[c] * scale[c]) / count) * (count * gradient - dBeta[c] - normalized[i] * dGamma[c])
      })
      return { dx, parameters: { gamma: dGamma, beta: dBeta } }
    },
  }
}

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
  differentiate: ({ epsilon, momentum }, { x, parameter }) => {
    const applied = batchNorm64(x, epsilon, parameter('gamma'), parameter('beta'))
    const averageOf = (role: string, statistic: Float64Array): Float64Array =>
      parameter(role).map((old, i) => momentum * old + (1 - momentum) * statistic[i])
    return {
      ...applied,
      moving: {
        movingMean: averageOf('movingMean', applied.mean),
        movingVariance: averageOf('movingVariance', applied.variance),
      },
    }
  },
}
