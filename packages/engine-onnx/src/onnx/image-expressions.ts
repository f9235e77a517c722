/** ONNX's operators on channels-first images, as functions from tensors to tensors. */
import type { GraphBuilder, Tensor } from './graph-builder.ts'
import type { AttributeValue } from './model.ts'

const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value })
const int = (value: number): AttributeValue => ({ kind: 'int', value })

/** Height and width. */
export type Pair = readonly [number, number]

/** Padding before and after, of height and width. */
export interface Pads {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export const noPads: Pads = { top: 0, bottom: 0, left: 0, right: 0 }

export interface SlideOptions {
  readonly strides: Pair
  readonly dilations: Pair
  readonly pads: Pads
}

const padsOf = ({ top, left, bottom, right }: Pads): AttributeValue => ints([top, left, bottom, right])

const slideSize = (input: number, window: number, stride: number, dilation: number): number =>
  Math.floor((input - dilation * (window - 1) - 1) / stride) + 1

export const slideShape = (
  x: Tensor,
  window: Pair,
  { strides, dilations, pads }: SlideOptions,
): readonly [number, number] => [
  slideSize(Number(x.shape[2]) + pads.top + pads.bottom, window[0], strides[0], dilations[0]),
  slideSize(Number(x.shape[3]) + pads.left + pads.right, window[1], strides[1], dilations[1]),
]

/**
 * Correlation of `x` `[n, cin, h, w]` with `kernel` `[cout, cin, kh, kw]`, plus a bias a channel.
 *
 * The kernel's spatial axes must be known.
 */
export const convolve = (
  graph: GraphBuilder,
  x: Tensor,
  kernel: Tensor,
  options: SlideOptions,
  bias?: Tensor,
): Tensor => {
  const window: Pair = [Number(kernel.shape[2]), Number(kernel.shape[3])]
  const shape = [x.shape[0], kernel.shape[0], ...slideShape(x, window, options)]
  return graph.node('Conv', [x, kernel, bias], [{ dtype: 'float32', shape }], {
    attributes: {
      kernel_shape: ints(window),
      strides: ints(options.strides),
      dilations: ints(options.dilations),
      pads: padsOf(options.pads),
    },
  })[0]
}

/** The largest of each window, and where it was: int64, counted over the whole of `x` row-major. */
export const maxPool = (
  graph: GraphBuilder,
  x: Tensor,
  window: Pair,
  strides: Pair,
  pads: Pads,
  withIndices: boolean,
): { readonly y: Tensor; readonly indices: Tensor | undefined } => {
  const size = slideShape(x, window, { strides, dilations: [1, 1], pads })
  const shape = [x.shape[0], x.shape[1], ...size]
  const [y, indices] = graph.node(
    'MaxPool',
    [x],
    [{ dtype: 'float32', shape }, ...(withIndices ? [{ dtype: 'int64' as const, shape }] : [])],
    { attributes: { kernel_shape: ints(window), strides: ints(strides), pads: padsOf(pads) } },
  )
  return { y, indices }
}

/** The mean of each window; padded places do not count. */
export const averagePool = (
  graph: GraphBuilder,
  x: Tensor,
  window: Pair,
  strides: Pair,
  pads: Pads,
): Tensor => {
  const size = slideShape(x, window, { strides, dilations: [1, 1], pads })
  return graph.node('AveragePool', [x], [{ dtype: 'float32', shape: [x.shape[0], x.shape[1], ...size] }], {
    attributes: {
      kernel_shape: ints(window),
      strides: ints(strides),
      pads: padsOf(pads),
      count_include_pad: int(0),
    },
  })[0]
}

/** A tensor's sizes as a tensor: int64. */
export const shapeOf = (graph: GraphBuilder, x: Tensor): Tensor =>
  graph.node('Shape', [x], [{ dtype: 'int64', shape: [x.shape.length] }])[0]

/** A tensor like `like`, zero but where `indices` put the values: the last one where several meet. */
export const scatterOverwriting = (
  graph: GraphBuilder,
  values: Tensor,
  indices: Tensor,
  like: Tensor,
  window: Pair,
  strides: Pair,
  pads: Pads,
): Tensor =>
  graph.node('MaxUnpool', [values, indices, shapeOf(graph, like)], [like], {
    attributes: { kernel_shape: ints(window), strides: ints(strides), pads: padsOf(pads) },
  })[0]

/** A tensor like `like`, zero but where `indices` put the values: their sum where several meet. */
export const scatterAdding = (graph: GraphBuilder, values: Tensor, indices: Tensor, like: Tensor): Tensor => {
  const minusOne = graph.constant(BigInt64Array.of(-1n), [1])
  const flat = (x: Tensor): Tensor =>
    graph.node('Reshape', [x, minusOne], [{ dtype: x.dtype, shape: ['all'] }])[0]
  const [zeros] = graph.node(
    'ConstantOfShape',
    [graph.node('Size', [like], [{ dtype: 'int64', shape: [] }]).map((size) => flat(size))[0]],
    [{ dtype: 'float32', shape: ['all'] }],
  )
  const [sum] = graph.node('ScatterElements', [zeros, flat(indices), flat(values)], [zeros], {
    attributes: { axis: int(0), reduction: { kind: 'string', value: 'add' } },
  })
  return graph.node('Reshape', [sum, shapeOf(graph, like)], [like])[0]
}

/**
 * Batch normalization over `[batch, channels, ...]`.
 *
 * In training mode with momentum 0 the "running" statistics are the batch's own: mean and biased variance.
 */
export const normalizeBatch = (
  graph: GraphBuilder,
  x: Tensor,
  parameters: {
    readonly gamma: Tensor
    readonly beta: Tensor
    readonly mean: Tensor
    readonly variance: Tensor
  },
  epsilon: number,
  isTraining: boolean,
): { readonly y: Tensor; readonly mean: Tensor; readonly variance: Tensor } => {
  const { gamma, beta, mean, variance } = parameters
  const [y, batchMean, batchVariance] = graph.node(
    'BatchNormalization',
    [x, gamma, beta, mean, variance],
    isTraining ? [x, mean, variance] : [x],
    {
      attributes: {
        epsilon: { kind: 'float', value: epsilon },
        momentum: { kind: 'float', value: 0 },
        training_mode: int(isTraining ? 1 : 0),
      },
    },
  )
  return { y, mean: batchMean, variance: batchVariance }
}
