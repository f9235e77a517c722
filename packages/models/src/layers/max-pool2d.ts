/** The largest value of each window. */
import { exactly } from '../parse/rule.ts'
import type { LayerKind } from './layer-kind.ts'
import {
  imageShapeOf,
  type Padding,
  paddingRule,
  type Size2d,
  size2dOf,
  size2dRule,
  slide,
} from './window.ts'

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
}
