/** The mean of each window. */
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

/** Mean over each window; padded places do not count. */
export interface AvgPool2dLayer {
  readonly kind: 'avgPool2d'
  readonly poolSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
}

/** Average pooling; a size given as one number is both. Strides default to the pool's size, padding to `valid`. */
export const avgPool2d = (
  poolSize: number | Size2d,
  options: { readonly strides?: number | Size2d; readonly padding?: Padding } = {},
): AvgPool2dLayer => ({
  kind: 'avgPool2d',
  poolSize: size2dOf(poolSize),
  strides: size2dOf(options.strides ?? poolSize),
  padding: options.padding ?? 'valid',
})

/** Padded places do not count. */
export const avgPool64 = (x: Tensor64, window: Window, outputShape: readonly number[]): Applied => {
  const channels = x.shape[3]
  const shape = [x.shape[0], ...outputShape]
  const y = new Float64Array(sizeOf(shape))
  const counts = new Float64Array(y.length / channels)
  const each = (visit: (at: number, from: number) => void): void =>
    slideWindow(x.shape, outputShape, window, (output, input) => {
      for (let c = 0; c < channels; c++) visit(output * channels + c, input * channels + c)
    })
  slideWindow(x.shape, outputShape, window, (output) => {
    counts[output]++
  })
  each((at, from) => {
    y[at] += x.values[from]
  })
  for (let at = 0; at < y.length; at++) y[at] /= counts[Math.floor(at / channels)]
  return {
    y: { values: y, shape },
    pullback: (dy) => {
      const dx = new Float64Array(x.values.length)
      each((at, from) => {
        dx[from] += dy[at] / counts[Math.floor(at / channels)]
      })
      return { dx, parameters: {} }
    },
  }
}

/** The rule: an image in, a smaller one with the same channels out. */
export const avgPool2dKind: LayerKind<AvgPool2dLayer> = {
  baseName: 'avgPool',
  settings: {
    kind: { rule: exactly('avgPool2d') },
    poolSize: { rule: size2dRule },
    strides: { rule: size2dRule, sameAs: 'poolSize' },
    padding: { rule: paddingRule, byDefault: 'valid' },
  },
  infer: (layer, site) => ({
    outputShape: [...slide(site, 'pool', layer.poolSize, layer), imageShapeOf(site)[2]],
  }),
  differentiate: (layer, { x, outputShape }) => avgPool64(x, layer, outputShape),
}
