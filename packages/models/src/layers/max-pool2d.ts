/** The largest value of each window. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'
import { type Applied, sizeOf, type Tensor64 } from './layer64.ts'
import {
  imageShapeOf,
  type Padding,
  paddingRule,
  type Size2d,
  size2dOf,
  size2dRule,
  slide,
} from './window.ts'
import { slideWindow, type Window } from './window64.ts'

/** Largest value of each window; padded places never win. */
export interface MaxPool2dLayer {
  readonly kind: 'maxPool2d'
  readonly poolSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
}

/** Max pooling; a size given as one number is both. Strides default to the pool's size, padding to `valid`. */
export const maxPool2d = (
  poolSize: number | Size2d,
  options: { readonly strides?: number | Size2d; readonly padding?: Padding } = {},
): MaxPool2dLayer => ({
  kind: 'maxPool2d',
  poolSize: size2dOf(poolSize),
  strides: size2dOf(options.strides ?? poolSize),
  padding: options.padding ?? 'valid',
})

/** The gradient goes to the first of the largest values in row-major order, as TensorFlow's CPU kernel has it. */
export const maxPool64 = (x: Tensor64, window: Window, outputShape: readonly number[]): Applied => {
  const channels = x.shape[3]
  const shape = [x.shape[0], ...outputShape]
  const y = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY)
  const winner = new Int32Array(y.length)
  slideWindow(x.shape, outputShape, window, (output, input) => {
    for (let c = 0; c < channels; c++) {
      const at = output * channels + c
      const from = input * channels + c
      if (x.values[from] > y[at]) {
        y[at] = x.values[from]
        winner[at] = from
      }
    }
  })
  return {
    y: { values: y, shape },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      dy.forEach((gradient, at) => {
        dx[winner[at]] += gradient
      })
      return { dx, parameters: {} }
    },
  }
}

/** The rule: an image in, a smaller one with the same channels out. */
export const maxPool2dKind: LayerKind<MaxPool2dLayer> = {
  baseName: 'maxPool',
  settings: {
    kind: { rule: exactly('maxPool2d') },
    poolSize: { rule: size2dRule },
    strides: { rule: size2dRule, sameAs: 'poolSize' },
    padding: { rule: paddingRule, byDefault: 'valid' },
  },
  infer: (layer, site) => ({
    outputShape: [...slide(site, 'pool', layer.poolSize, layer), imageShapeOf(site)[2]],
  }),
  differentiate: (layer, { x, outputShape }) => maxPool64(x, layer, outputShape),
}
