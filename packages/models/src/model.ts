/**
 * Networks as data. A model says what is computed, never how: engines interpret it.
 */
import type { InitializerSpec, ParameterRole } from '@laperm/core'

/** TensorFlow's padding: `valid` is none, `same` pads so that `out = ceil(in / stride)`, the odd pixel at the end. */
export type Padding = 'valid' | 'same'

/** Height and width. */
export type Size2d = readonly [number, number]

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

/** Fully connected over the last axis of a flat input; kernel `[in, units]`. `l2` adds `l2 * sum(kernel^2)` to the loss. */
export interface DenseLayer {
  readonly kind: 'dense'
  readonly units: number
  readonly useBias: boolean
  readonly l2: number
}

/** Batch normalization over all axes but the last, with Keras's moving averages. */
export interface BatchNormLayer {
  readonly kind: 'batchNorm'
  readonly momentum: number
  readonly epsilon: number
}

/** `max(x, 0)`. */
export interface ReluLayer {
  readonly kind: 'relu'
}

/** Largest value of each window; padded places never win. */
export interface MaxPool2dLayer {
  readonly kind: 'maxPool2d'
  readonly poolSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
}

/** Mean over each window; padded places do not count. */
export interface AvgPool2dLayer {
  readonly kind: 'avgPool2d'
  readonly poolSize: Size2d
  readonly strides: Size2d
  readonly padding: Padding
}

/** Row-major: a `[h, w, c]` activation becomes `h * w * c` values with the channel fastest. */
export interface FlattenLayer {
  readonly kind: 'flatten'
}

/** Inverted dropout: in training each value is dropped with probability `rate` and the kept ones are divided by `1 - rate`. */
export interface DropoutLayer {
  readonly kind: 'dropout'
  readonly rate: number
}

/** Over the last axis. Only allowed as the last layer, where the loss is fused with it. */
export interface SoftmaxLayer {
  readonly kind: 'softmax'
}

/** `body(x) + shortcut(x)`; an empty shortcut is the identity. */
export interface ResidualLayer {
  readonly kind: 'residual'
  readonly body: readonly Layer[]
  readonly shortcut: readonly Layer[]
}

/** Everything a model can be made of. */
export type Layer =
  | Conv2dLayer
  | DenseLayer
  | BatchNormLayer
  | ReluLayer
  | MaxPool2dLayer
  | AvgPool2dLayer
  | FlattenLayer
  | DropoutLayer
  | SoftmaxLayer
  | ResidualLayer

/** How a network's parameters start. Gamma starts at one, beta and moving mean at zero, moving variance at one. */
export interface ModelInitializers {
  readonly kernel: InitializerSpec
  readonly bias: InitializerSpec
}

/** A network as data. */
export interface Model {
  /** Short name as a person would type it: `conv7`. */
  readonly name: string
  /** `[height, width, channels]`, channels last. */
  readonly inputShape: readonly number[]
  readonly layers: readonly Layer[]
  readonly initializers: ModelInitializers
  /** Roles that LaPerm permutes; every other trainable parameter is left to the inner optimizer. */
  readonly permutedRoles: readonly ParameterRole[]
}
