/** Max and average pooling with TensorFlow's padding. */
import type { AvgPool2dLayer, MaxPool2dLayer } from '@laperm/models'
import { windowPadding } from '@laperm/models'
import { multiply, reshape } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import {
  averagePool,
  maxPool,
  type Pair,
  scatterAdding,
  scatterOverwriting,
} from '../onnx/image-expressions.ts'
import type { Activation, Trace } from './activation.ts'
import { inputGradient } from './convolution-gradients.ts'
import { toChannelsFirst } from './layout.ts'
import { maxPool2x2 } from './max-pool-2x2.ts'
import { windowPads } from './window-pads.ts'

type Window<Layer extends MaxPool2dLayer | AvgPool2dLayer> = Pick<Layer, 'poolSize' | 'strides' | 'padding'>

/**
 * The largest value of each window.
 *
 * The gradient goes to the place of the largest, the first in row-major order where several are equal (after a relu ties are common:
 * comparing `x == y` would give it to all of them). Where windows overlap, a place gets the sum.
 *
 * @returns blocked for 2x2 tiles of a blocked image, else channels first.
 */
export const maxPool2d = (
  trace: Trace,
  input: Activation,
  { poolSize, strides, padding }: Window<MaxPool2dLayer>,
  outputShape: readonly number[],
): Activation => {
  const { graph, tape, isTraining } = trace
  const isTile = [0, 1].every(
    (axis) => poolSize[axis] === 2 && strides[axis] === 2 && input.shape[axis] % 2 === 0,
  )
  if (input.layout === 'blocked' && isTraining && isTile) {
    const { y, pullback } = maxPool2x2(graph, input.tensor)
    tape.record([input.tensor], y, (dy) => [pullback(dy)])
    return { tensor: y, layout: 'blocked', shape: outputShape }
  }
  const x = toChannelsFirst(trace, input).tensor
  const pads = windowPads([input.shape[0], input.shape[1]], poolSize, strides, padding)
  const { y, indices } = maxPool(graph, x, poolSize, strides, pads, isTraining)
  tape.record([x], y, (dy) => {
    if (indices === undefined) throw new RangeError('maxPool2d: a graph for inference is not differentiated')
    const overlaps = strides[0] < poolSize[0] || strides[1] < poolSize[1]
    return [
      overlaps
        ? scatterAdding(graph, dy, indices, x)
        : scatterOverwriting(graph, dy, indices, x, poolSize, strides, pads),
    ]
  })
  return { tensor: y, layout: 'nchw', shape: outputShape }
}

/** `1 / (places of the window that lie inside)`, for every output place. */
const inverseCounts = (
  input: readonly number[],
  output: readonly number[],
  { poolSize, strides, padding }: Window<AvgPool2dLayer>,
): Float32Array => {
  const inside = (axis: 0 | 1): readonly number[] => {
    const [before] = windowPadding(input[axis], poolSize[axis], strides[axis], padding)
    return Array.from({ length: output[axis] }, (_, at) => {
      const start = at * strides[axis] - before
      return Math.min(start + poolSize[axis], input[axis]) - Math.max(start, 0)
    })
  }
  const columns = inside(1)
  return Float32Array.from(inside(0).flatMap((rows) => columns.map((count) => 1 / (rows * count))))
}

/** Each value over its own tile, divided by the tile's area. */
const spreadOverTiles = (
  graph: GraphBuilder,
  dy: Tensor,
  [height, width]: Pair,
  shape: Tensor['shape'],
): Tensor => {
  const [batch, channels, rows, columns] = dy.shape
  const area = height * width
  const shares = graph.constant(new Float32Array(area).fill(1 / area), [1, 1, 1, height, 1, width])
  const tiles = multiply(graph, reshape(graph, dy, [batch, channels, rows, 1, columns, 1]), shares)
  return reshape(graph, tiles, shape)
}

/**
 * The mean of each window; padded places do not count.
 *
 * Gradient: every place gets `dy / count` of each window it is in, which is the input gradient of a convolution with a kernel of ones.
 *
 * @returns channels first.
 */
export const avgPool2d = (
  trace: Trace,
  input: Activation,
  layer: Window<AvgPool2dLayer>,
  outputShape: readonly number[],
): Activation => {
  const { graph, tape } = trace
  const x = toChannelsFirst(trace, input).tensor
  const [height, width] = input.shape
  const [outHeight, outWidth] = outputShape
  const pads = windowPads([height, width], layer.poolSize, layer.strides, layer.padding)
  const y = averagePool(graph, x, layer.poolSize, layer.strides, pads)
  const isTiling = [0, 1].every(
    (axis) =>
      layer.strides[axis] === layer.poolSize[axis] &&
      outputShape[axis] * layer.strides[axis] === input.shape[axis],
  )
  tape.record([x], y, (dy) => {
    if (isTiling) return [spreadOverTiles(graph, dy, layer.poolSize, x.shape)]
    const shares = multiply(
      graph,
      dy,
      graph.constant(inverseCounts(input.shape, outputShape, layer), [1, 1, outHeight, outWidth]),
    )
    const area = layer.poolSize[0] * layer.poolSize[1]
    const ones = graph.constant(new Float32Array(area).fill(1), [...layer.poolSize, 1, 1])
    // Every channel of every example is an image of its own.
    const planes = inputGradient(graph, reshape(graph, shares, ['planes', 1, outHeight, outWidth]), ones, {
      kernel: [layer.poolSize[0], layer.poolSize[1], 1, 1],
      strides: layer.strides,
      pads,
      input: [height, width],
      output: [outHeight, outWidth],
    })
    return [reshape(graph, planes, x.shape)]
  })
  return { tensor: y, layout: 'nchw', shape: outputShape }
}
