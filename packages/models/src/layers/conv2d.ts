/** 2-D convolution. */
import { exactly, nonNegative, positiveInteger, truth } from '../parse/rule.ts'
import { type LayerKind, parameterOf, vectorOf } from './layer-kind.ts'
import type { Applied, Tensor64 } from './layer64.ts'
import {
  imageShapeOf,
  type Padding,
  paddingRule,
  type Size2d,
  size2dOf,
  size2dRule,
  slide,
} from './window.ts'
import { multiply64, slideWindow } from './window64.ts'

/** 2-D convolution over `[height, width, channels]`; kernel `[kh, kw, cin, filters]`. `l2` adds `l2 * sum(kernel^2)` to the loss. */
export interface Conv2dLayer {
  readonly kind: 'conv2d'
  readonly filters: number
  readonly kernelSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
  readonly useBias: boolean
  readonly l2: number
}

const defaults = { strides: [1, 1], padding: 'valid', useBias: true, l2: 0 } as const

/** A convolution; a size given as one number is both. Defaults: strides 1, `valid`, with bias, no L2. */
export const conv2d = (
  filters: number,
  kernelSize: number | Size2d,
  options: {
    readonly strides?: number | Size2d
    readonly padding?: Padding
    readonly useBias?: boolean
    readonly l2?: number
  } = {},
): Conv2dLayer => ({
  kind: 'conv2d',
  filters,
  kernelSize: size2dOf(kernelSize),
  ...defaults,
  ...options,
  strides: size2dOf(options.strides ?? defaults.strides),
})

/** Cross-correlation; kernels are `[height, width, in, out]`. */
export const conv2d64 = (
  x: Tensor64,
  { kernelSize, strides, padding }: Pick<Conv2dLayer, 'kernelSize' | 'strides' | 'padding'>,
  outputShape: readonly number[],
  kernel: Float64Array,
  bias?: Float64Array,
): Applied =>
  multiply64(x, [x.shape[0], ...outputShape], kernel, bias, (visit) =>
    slideWindow(x.shape, outputShape, { poolSize: kernelSize, strides, padding }, visit),
  )

/** The rule: an image in, an image with `filters` channels out. */
export const conv2dKind: LayerKind<Conv2dLayer> = {
  baseName: 'conv',
  settings: {
    kind: { rule: exactly('conv2d') },
    filters: { rule: positiveInteger },
    kernelSize: { rule: size2dRule },
    strides: { rule: size2dRule, byDefault: defaults.strides },
    padding: { rule: paddingRule, byDefault: defaults.padding },
    useBias: { rule: truth, byDefault: defaults.useBias },
    l2: { rule: nonNegative, byDefault: defaults.l2 },
  },
  infer: (layer, site) => {
    const { filters, kernelSize, l2 } = layer
    const channels = imageShapeOf(site)[2]
    const area = kernelSize[0] * kernelSize[1]
    const { kernel, bias } = site.initializers
    return {
      outputShape: [...slide(site, 'kernel', kernelSize, layer), filters],
      parameters: [
        parameterOf(site, 'kernel', {
          shape: [...kernelSize, channels, filters],
          fanIn: area * channels,
          fanOut: area * filters,
          initializer: kernel,
          l2,
        }),
        ...(layer.useBias ? [vectorOf(site, 'bias', filters, bias)] : []),
      ],
    }
  },
  differentiate: (layer, { x, outputShape, parameter }) =>
    conv2d64(x, layer, outputShape, parameter('kernel'), layer.useBias ? parameter('bias') : undefined),
}
