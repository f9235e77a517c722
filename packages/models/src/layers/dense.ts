/** Fully connected layer. */
import { exactly, nonNegative, positiveInteger, truth } from '../parse/rule.ts'
import { type LayerKind, parameterOf, vectorOf } from './layer-kind.ts'
import type { Applied, Tensor64 } from './layer64.ts'
import { multiply64 } from './window64.ts'

/** Fully connected over the last axis of a flat input; kernel `[in, units]`. `l2` adds `l2 * sum(kernel^2)` to the loss. */
export interface DenseLayer {
  readonly kind: 'dense'
  readonly units: number
  readonly useBias: boolean
  readonly l2: number
}

const defaults = { useBias: true, l2: 0 } as const

/** A fully connected layer; defaults: with bias, no L2. */
export const dense = (
  units: number,
  options: { readonly useBias?: boolean; readonly l2?: number } = {},
): DenseLayer => ({ kind: 'dense', units, ...defaults, ...options })

/** `y = x W + b`. */
export const dense64 = (x: Tensor64, kernel: Float64Array, bias?: Float64Array): Applied => {
  const [batch, inputs] = x.shape
  return multiply64(x, [batch, kernel.length / inputs], kernel, bias, (visit) => {
    for (let n = 0; n < batch; n++) visit(n, n, 0)
  })
}

/** The rule: a flat input of any length in, `units` values out. */
export const denseKind: LayerKind<DenseLayer> = {
  baseName: 'dense',
  settings: {
    kind: { rule: exactly('dense') },
    units: { rule: positiveInteger },
    useBias: { rule: truth, byDefault: defaults.useBias },
    l2: { rule: nonNegative, byDefault: defaults.l2 },
  },
  infer: ({ units, useBias, l2 }, site) => {
    const { inputShape, initializers } = site
    if (inputShape.length !== 1)
      site.refuse(`needs a flat input, got [${inputShape.join(', ')}]; put a flatten layer before it`)
    const [inputs] = inputShape
    return {
      outputShape: [units],
      parameters: [
        parameterOf(site, 'kernel', {
          shape: [inputs, units],
          fanIn: inputs,
          fanOut: units,
          initializer: initializers.kernel,
          l2,
        }),
        ...(useBias ? [vectorOf(site, 'bias', units, initializers.bias)] : []),
      ],
    }
  },
  differentiate: ({ useBias }, { x, parameter }) =>
    dense64(x, parameter('kernel'), useBias ? parameter('bias') : undefined),
}
