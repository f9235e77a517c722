/**
 * onnxruntime's own convolutions on blocked images ("NCHWc"), which read a cache line of channels at a time and need no im2col.
 *
 * A blocked image is a tensor `[batch, channels / block, height, width, block]`. The operators of `com.microsoft.nchwc` see the same memory
 * as `[batch, channels, height, width]`; the reshapes between the two cost nothing. The domain is internal to onnxruntime and the block
 * depends on the processor: `probe-convolutions.ts` finds out whether all this is sound here.
 */
import { reshape, transpose } from './expressions.ts'
import type { GraphBuilder, Tensor } from './graph-builder.ts'
import { noPads, type SlideOptions, slideShape } from './image-expressions.ts'
import type { AttributeValue } from './model.ts'

const domain = 'com.microsoft.nchwc'
const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value })
const int = (value: number): AttributeValue => ({ kind: 'int', value })

const channelsOf = (x: Tensor): number => Number(x.shape[1]) * Number(x.shape[4])

/** A blocked image as onnxruntime's operators see it. */
const asPlain = (graph: GraphBuilder, x: Tensor): Tensor =>
  reshape(graph, x, [x.shape[0], channelsOf(x), x.shape[2], x.shape[3]])

/** What onnxruntime's operators give, as a blocked image. */
const asBlocked = (graph: GraphBuilder, x: Tensor, block: number): Tensor =>
  reshape(graph, x, [x.shape[0], Number(x.shape[1]) / block, x.shape[2], x.shape[3], block])

/** From `[batch, channels, height, width]`. */
export const blockChannels = (graph: GraphBuilder, x: Tensor, block: number): Tensor =>
  asBlocked(graph, graph.node('ReorderInput', [x], [x], { domain })[0], block)

/** To `[batch, channels, height, width]`. */
export const unblockChannels = (graph: GraphBuilder, x: Tensor): Tensor => {
  const plain = asPlain(graph, x)
  const attributes = { channels: int(channelsOf(x)) }
  return graph.node('ReorderOutput', [plain], [plain], { domain, attributes })[0]
}

export interface BlockedOptions extends SlideOptions {
  /** `[cout]`. */
  readonly bias?: Tensor
  /** Added to the result, blocked. */
  readonly addend?: Tensor
  /** Applied to the sum of all. */
  readonly activation?: 'relu'
  readonly groups?: number
}

/**
 * A correlation whose result is blocked.
 *
 * @param x blocked; or `[batch, cin, height, width]` where there are fewer channels than a block.
 * @param kernel `[cout, cin, kh, kw]` in name, in memory as {@link blockKernel} lays it out.
 */
export const convolveBlocked = (
  graph: GraphBuilder,
  x: Tensor,
  kernel: Tensor,
  block: number,
  { bias, addend, activation, groups = 1, strides, dilations, pads }: BlockedOptions,
): Tensor => {
  const plain = x.shape.length === 5 ? asPlain(graph, x) : x
  const window = [Number(kernel.shape[2]), Number(kernel.shape[3])] as const
  const size = slideShape(plain, window, { strides, dilations, pads })
  const [y] = graph.node(
    'Conv',
    [plain, kernel, bias, addend === undefined ? undefined : asPlain(graph, addend)],
    [{ dtype: 'float32', shape: [plain.shape[0], kernel.shape[0], ...size] }],
    {
      domain,
      attributes: {
        kernel_shape: ints(window),
        strides: ints(strides),
        dilations: ints(dilations),
        pads: ints([pads.top, pads.left, pads.bottom, pads.right]),
        group: int(groups),
        ...(activation === undefined ? {} : { activation: { kind: 'string', value: 'Relu' } }),
      },
    },
  )
  return asBlocked(graph, y, block)
}

/**
 * A kernel `[places, cin, cout]` as blocked convolutions want it: `[cout / b, cin / b, places, b, b]` with the output's channel fastest,
 * or `[cout / b, cin, places, b]` where the input is not blocked. Its shape says `[cout, cin, kh, kw]`.
 */
export const blockKernel = (
  graph: GraphBuilder,
  kernel: Tensor,
  window: readonly [number, number],
  block: number,
): Tensor => {
  const [places, cin, cout] = kernel.shape.map(Number)
  const blocked =
    cin % block === 0
      ? transpose(
          graph,
          reshape(graph, kernel, [places, cin / block, block, cout / block, block]),
          [3, 1, 0, 2, 4],
        )
      : transpose(graph, reshape(graph, kernel, [places, cin, cout / block, block]), [2, 1, 0, 3])
  return reshape(graph, blocked, [cout, cin, ...window])
}

/** `scale[c] * x + offset[c]`, plus an addend, in one pass over memory: a convolution of each channel by itself with a 1x1 kernel. */
export const scaleChannels = (
  graph: GraphBuilder,
  x: Tensor,
  scale: Tensor,
  offset: Tensor | undefined,
  options: { readonly addend?: Tensor; readonly activation?: 'relu' } = {},
): Tensor => {
  const channels = channelsOf(x)
  return convolveBlocked(graph, x, reshape(graph, scale, [channels, 1, 1, 1]), Number(x.shape[4]), {
    strides: [1, 1],
    dilations: [1, 1],
    pads: noPads,
    groups: channels,
    ...(offset === undefined ? {} : { bias: offset }),
    ...options,
  })
}
