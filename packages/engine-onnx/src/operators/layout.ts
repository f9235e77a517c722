/** Changes of layout: the same values in another order. */
import { blockChannels, unblockChannels } from '../onnx/blocked-expressions.ts'
import { reshape, transpose } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import { type Activation, batchAxis, type Layout, type Trace } from './activation.ts'

const nhwcToNchw = [0, 3, 1, 2] as const
const nchwToNhwc = [0, 2, 3, 1] as const

/** Channels last to blocked and back: a cache line of channels moves as a whole. */
const blockLast = (graph: GraphBuilder, x: Tensor, block: number): Tensor => {
  const [batch, height, width, channels] = x.shape
  const split = reshape(graph, x, [batch, height, width, Number(channels) / block, block])
  return transpose(graph, split, [0, 3, 1, 2, 4])
}
const unblockLast = (graph: GraphBuilder, x: Tensor): Tensor => {
  const [batch, blocks, height, width, block] = x.shape
  const split = transpose(graph, x, [0, 2, 3, 1, 4])
  return reshape(graph, split, [batch, height, width, Number(blocks) * Number(block)])
}

/** The values of an image in another layout; not recorded on the tape. */
export const convertLayout = (
  graph: GraphBuilder,
  x: Tensor,
  from: Layout,
  to: Layout,
  block: number | undefined,
): Tensor => {
  const requireBlock = (): number => {
    if (block === undefined) throw new RangeError('layout: this graph has no blocked images')
    return block
  }
  switch (`${from} ${to}` as const) {
    case 'nhwc nchw':
      return transpose(graph, x, nhwcToNchw)
    case 'nchw nhwc':
      return transpose(graph, x, nchwToNhwc)
    case 'nhwc blocked':
      return blockLast(graph, x, requireBlock())
    case 'blocked nhwc':
      return unblockLast(graph, x)
    case 'nchw blocked':
      return blockChannels(graph, x, requireBlock())
    case 'blocked nchw':
      return unblockChannels(graph, x)
    default:
      if (from === to) return x
      throw new RangeError(`layout: ${from} is no image that could become ${to}`)
  }
}

const toLayout = (trace: Trace, x: Activation, layout: Layout): Activation => {
  if (x.layout === layout || x.layout === 'flat') return x
  const { graph, tape, block } = trace
  const y = convertLayout(graph, x.tensor, x.layout, layout, block)
  tape.record([x.tensor], y, (dy) => [convertLayout(graph, dy, layout, x.layout, block)])
  return { ...x, tensor: y, layout }
}

/** The same values with the channels last (`[batch, height, width, channels]`); flat ones stay as they are. */
export const toChannelsLast = (trace: Trace, x: Activation): Activation => toLayout(trace, x, 'nhwc')

/** An image with the channels first, as onnxruntime's standard operators have it; flat ones stay as they are. */
export const toChannelsFirst = (trace: Trace, x: Activation): Activation => toLayout(trace, x, 'nchw')

/** An image in blocks of channels; their number must be a multiple of the block. */
export const toBlocked = (trace: Trace, x: Activation): Activation => toLayout(trace, x, 'blocked')

/** The same values in the layout of another activation. */
export const toLayoutOf = (trace: Trace, x: Activation, like: Activation): Activation =>
  toLayout(trace, x, like.layout)

/** One row an example, channels last: `[batch, height, width, channels]` becomes `[batch, height * width * channels]`. */
export const flatten = (trace: Trace, x: Activation): Activation => {
  const last = toChannelsLast(trace, x)
  const size = x.shape.reduce((product, axis) => product * axis, 1)
  const { graph, tape } = trace
  const y: Tensor = reshape(graph, last.tensor, [batchAxis, size])
  if (y !== last.tensor) tape.record([last.tensor], y, (dy) => [reshape(graph, dy, last.tensor.shape)])
  return { tensor: y, layout: 'flat', shape: [size] }
}
