/**
 * Makers of layers with Keras's defaults, so that a network reads like its table in the paper.
 */
import type {
  AvgPool2dLayer,
  BatchNormLayer,
  Conv2dLayer,
  DenseLayer,
  DropoutLayer,
  FlattenLayer,
  Layer,
  MaxPool2dLayer,
  Padding,
  ReluLayer,
  ResidualLayer,
  SoftmaxLayer,
} from './model.ts'

/** A square convolution; defaults: stride 1, `valid`, with bias, no L2. */
export const conv2d = (
  filters: number,
  kernelSize: number,
  options: {
    readonly stride?: number
    readonly padding?: Padding
    readonly useBias?: boolean
    readonly l2?: number
  } = {},
): Conv2dLayer => ({
  kind: 'conv2d',
  filters,
  kernelSize: [kernelSize, kernelSize],
  strides: [options.stride ?? 1, options.stride ?? 1],
  padding: options.padding ?? 'valid',
  useBias: options.useBias ?? true,
  l2: options.l2 ?? 0,
})

/** A fully connected layer; defaults: with bias, no L2. */
export const dense = (
  units: number,
  options: { readonly useBias?: boolean; readonly l2?: number } = {},
): DenseLayer => ({ kind: 'dense', units, useBias: options.useBias ?? true, l2: options.l2 ?? 0 })

/** Keras's batch normalization: momentum 0.99, epsilon 1e-3. */
export const batchNorm = (
  options: { readonly momentum?: number; readonly epsilon?: number } = {},
): BatchNormLayer => ({
  kind: 'batchNorm',
  momentum: options.momentum ?? 0.99,
  epsilon: options.epsilon ?? 1e-3,
})

/** Max pooling over squares; the stride defaults to the pool's size. */
export const maxPool2d = (
  size: number,
  options: { readonly stride?: number; readonly padding?: Padding } = {},
): MaxPool2dLayer => ({
  kind: 'maxPool2d',
  poolSize: [size, size],
  strides: [options.stride ?? size, options.stride ?? size],
  padding: options.padding ?? 'valid',
})

/** Average pooling over squares; the stride defaults to the pool's size. */
export const avgPool2d = (
  size: number,
  options: { readonly stride?: number; readonly padding?: Padding } = {},
): AvgPool2dLayer => ({
  kind: 'avgPool2d',
  poolSize: [size, size],
  strides: [options.stride ?? size, options.stride ?? size],
  padding: options.padding ?? 'valid',
})

/** `max(x, 0)`. */
export const relu: ReluLayer = { kind: 'relu' }
/** All axes into one, row-major. */
export const flatten: FlattenLayer = { kind: 'flatten' }
/** Class probabilities; the last layer of a classifier. */
export const softmax: SoftmaxLayer = { kind: 'softmax' }
/** Drop each value with probability `rate`, in `[0, 1)`, while training. */
export const dropout = (rate: number): DropoutLayer => ({ kind: 'dropout', rate })

/** `body(x) + shortcut(x)`; without a shortcut the identity. */
export const residual = (body: readonly Layer[], shortcut: readonly Layer[] = []): ResidualLayer => ({
  kind: 'residual',
  body,
  shortcut,
})
