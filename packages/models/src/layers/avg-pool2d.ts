/** The mean of each window. */
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
}
