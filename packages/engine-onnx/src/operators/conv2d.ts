/** 2-D convolution (correlation, as everywhere in deep learning) with TensorFlow's padding. */
import type { Conv2dLayer } from '@laperm/models'
import { blockKernel, convolveBlocked } from '../onnx/blocked-expressions.ts'
import { rectify, reduceSum, reshape, transpose } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import { convolve, type SlideOptions } from '../onnx/image-expressions.ts'
import type { Activation, Layout, Trace } from './activation.ts'
import { type ConvolutionShape, inputGradient, kernelGradient } from './convolution-gradients.ts'
import { convertLayout, toBlocked, toChannelsFirst } from './layout.ts'
import { maskByOutput } from './relu.ts'
import { windowPads } from './window-pads.ts'

export interface Conv2dParameters {
  /** `[kh, kw, cin, cout]`, Keras's order; transposed in the graph, which costs little beside the convolution. */
  readonly kernel: Tensor
  /** `[cout]`; left out, there is none. */
  readonly bias: Tensor | undefined
  /** Whether a rectifier follows: done in the same pass over memory. */
  readonly withRelu?: boolean
}

/** NCHWc convolutions take whole blocks of channels, or, as input, fewer channels than one block. */
const isBlockable = (block: number, cin: number, cout: number): boolean =>
  cout % block === 0 && (cin % block === 0 || cin < block)

const forward = (
  graph: GraphBuilder,
  x: Tensor,
  block: number | undefined,
  { kernel, bias, withRelu = false }: Conv2dParameters,
  options: SlideOptions,
): Tensor => {
  if (block === undefined) {
    const y = convolve(graph, x, transpose(graph, kernel, [3, 2, 0, 1]), options, bias)
    return withRelu ? rectify(graph, y) : y
  }
  const [kh, kw, cin, cout] = kernel.shape.map(Number)
  const blocked = blockKernel(graph, reshape(graph, kernel, [kh * kw, cin, cout]), [kh, kw], block)
  return convolveBlocked(graph, x, blocked, block, {
    ...options,
    ...(bias === undefined ? {} : { bias }),
    ...(withRelu ? { activation: 'relu' } : {}),
  })
}

/** Sum over examples and places, a value a channel. */
const sumOfPlaces = (graph: GraphBuilder, dy: Tensor, channels: number): Tensor => {
  if (dy.shape.length === 4) return reduceSum(graph, dy, [0, 2, 3], false)
  const ofExamples = reduceSum(graph, dy, [2, 3], false)
  return reduceSum(graph, reshape(graph, ofExamples, [dy.shape[0], channels]), [0], false)
}

/**
 * `y[n, oy, ox, o] = b[o] + sum over ky, kx, c of x[n, sy oy + ky - top, sx ox + kx - left, c] K[ky, kx, c, o]`, rectified if asked for.
 *
 * Gradients: see `convolution-gradients.ts`; `db` is the sum of dy over examples and places.
 *
 * @returns blocked where the graph has blocks and the channels fill them, else channels first.
 */
export const conv2d = (
  trace: Trace,
  input: Activation,
  layer: Pick<Conv2dLayer, 'kernelSize' | 'strides' | 'padding'>,
  outputShape: readonly number[],
  parameters: Conv2dParameters,
): Activation => {
  const { graph, tape } = trace
  const { kernel, bias, withRelu = false } = parameters
  const [height, width, cin] = input.shape
  const cout = outputShape[2]
  const block = trace.block !== undefined && isBlockable(trace.block, cin, cout) ? trace.block : undefined
  const outputLayout: Layout = block === undefined ? 'nchw' : 'blocked'
  const isInputBlocked = block !== undefined && cin % block === 0
  const { tensor: x, layout } = isInputBlocked ? toBlocked(trace, input) : toChannelsFirst(trace, input)
  const pads = windowPads([height, width], layer.kernelSize, layer.strides, layer.padding)
  const shape: ConvolutionShape = {
    kernel: [layer.kernelSize[0], layer.kernelSize[1], cin, cout],
    strides: layer.strides,
    pads,
    input: [height, width],
    output: [outputShape[0], outputShape[1]],
  }
  const y = forward(graph, x, block, parameters, { strides: layer.strides, dilations: [1, 1], pads })

  tape.record([x, kernel, ...(bias === undefined ? [] : [bias])], y, (outputGradient, [needsInput]) => {
    const dy = withRelu ? maskByOutput(graph, outputGradient, y) : outputGradient
    const dyFirst = convertLayout(graph, dy, outputLayout, 'nchw', block)
    return [
      needsInput
        ? inputGradient(
            graph,
            isInputBlocked ? dy : dyFirst,
            kernel,
            shape,
            isInputBlocked ? block : undefined,
          )
        : undefined,
      kernelGradient(graph, convertLayout(graph, x, layout, 'nhwc', block), dyFirst, shape),
      ...(bias === undefined ? [] : [sumOfPlaces(graph, dy, cout)]),
    ]
  })
  return { tensor: y, layout: outputLayout, shape: outputShape }
}
