/**
 * Finds out whether onnxruntime's NCHWc convolutions can be used on this processor, and how many channels make a block.
 *
 * They are internal to onnxruntime: nothing promises that the operators exist, how they lay out memory, or that they are right. So they
 * are asked: the block from how a reordered image looks, their results by comparison with ONNX's own operators.
 */
import {
  blockChannels,
  blockKernel,
  convolveBlocked,
  scaleChannels,
  unblockChannels,
} from '../onnx/blocked-expressions.ts'
import { encodeModel } from '../onnx/encode.ts'
import { add, multiply, rectify, reshape, transpose } from '../onnx/expressions.ts'
import { type GraphBuilder, makeGraphBuilder, type Tensor } from '../onnx/graph-builder.ts'
import { convolve, type SlideOptions } from '../onnx/image-expressions.ts'
import type { OnnxRuntime } from './load-onnxruntime.ts'

/** What came out: the block, or why there is none. */
export type ConvolutionProbe =
  | { readonly kind: 'nchwc'; readonly block: number }
  | { readonly kind: 'standard'; readonly reason: string }

const batch = 2
const channels = 32
const filters = 64
const size = 7

/** SAME padding of an even kernel step: every side is different. */
const slides: readonly SlideOptions[] = [
  { strides: [1, 1], dilations: [1, 1], pads: { top: 1, bottom: 2, left: 0, right: 1 } },
  { strides: [2, 2], dilations: [1, 1], pads: { top: 0, bottom: 1, left: 1, right: 1 } },
]

/** Exact in float32, without a pattern that a wrong layout could keep. */
const values = (count: number, factor: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i * factor) % 251) - 125) / 128)

const run = async (
  ort: OnnxRuntime,
  build: (graph: GraphBuilder) => void,
): Promise<Readonly<Record<string, Float32Array>>> => {
  const graph = makeGraphBuilder('probe')
  build(graph)
  const session = await ort.InferenceSession.create(encodeModel(graph.build()), {
    intraOpNumThreads: 1,
    // Without optimization: what is compared must not have been computed beforehand, or by the same code.
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
  })
  const outputs = await session.run({})
  await session.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  )
}

/** Two places of 32 channels, reordered: a block is as many channels as the first place has in a row. */
const probeBlock = async (ort: OnnxRuntime): Promise<number> => {
  const { image } = await run(ort, (graph) => {
    const x = graph.constant(
      Float32Array.from({ length: channels * 2 }, (_, i) => i),
      [1, channels, 2, 1],
    )
    graph.output('image', blockChannels(graph, x, 1))
  })
  const secondPlace = image.indexOf(1)
  return Array.from({ length: channels }, (_, c) => c).every((c) => image.includes(2 * c)) ? secondPlace : 0
}

/** Pairs of the same result: by ONNX's operators, and by onnxruntime's on blocked images. */
const appendPairs = (graph: GraphBuilder, block: number): void => {
  const pair = (name: string, standard: Tensor, blocked: Tensor): void => {
    graph.output(`${name} standard`, standard)
    graph.output(`${name} blocked`, unblockChannels(graph, blocked))
  }
  const image = (count: number, factor: number): Tensor =>
    graph.constant(values(batch * count * size * size, factor), [batch, count, size, size])
  const bias = graph.constant(values(filters, 7), [filters])
  for (const cin of [channels, 3])
    for (const [i, slide] of slides.entries()) {
      const x = image(cin, 31)
      const kernel = graph.constant(values(9 * cin * filters, 37), [9, cin, filters])
      const plain = reshape(graph, transpose(graph, kernel, [2, 1, 0]), [filters, cin, 3, 3])
      const blockedX = cin % block === 0 ? blockChannels(graph, x, block) : x
      pair(
        `convolution ${cin} ${i}`,
        rectify(graph, convolve(graph, x, plain, slide, bias)),
        convolveBlocked(graph, blockedX, blockKernel(graph, kernel, [3, 3], block), block, {
          ...slide,
          bias,
          activation: 'relu',
        }),
      )
    }
  const x = image(channels, 11)
  const addend = image(channels, 13)
  const scale = graph.constant(values(channels, 17), [channels])
  const offset = graph.constant(values(channels, 19), [channels])
  const perChannel = (value: Tensor): Tensor => reshape(graph, value, [channels, 1, 1])
  pair(
    'scale',
    add(graph, add(graph, multiply(graph, x, perChannel(scale)), perChannel(offset)), addend),
    scaleChannels(graph, blockChannels(graph, x, block), scale, offset, {
      addend: blockChannels(graph, addend, block),
    }),
  )
}

/** Sums of some 300 products of at most 1: float32 differs in the last bits, a wrong layout by about 1. */
const tolerance = 1e-3

/**
 * Ask this processor.
 *
 * It may crash where the operators are broken: run it in a process of its own where that matters.
 */
export const probeConvolutions = async (ort: OnnxRuntime): Promise<ConvolutionProbe> => {
  try {
    const block = await probeBlock(ort)
    if (block < 2 || channels % block !== 0)
      return { kind: 'standard', reason: `this processor's images come in blocks of ${block} channels` }
    const outputs = await run(ort, (graph) => appendPairs(graph, block))
    for (const [name, standard] of Object.entries(outputs)) {
      if (!name.endsWith(' standard')) continue
      const blocked = outputs[name.replace(/ standard$/, ' blocked')]
      const isEqual =
        blocked.length === standard.length &&
        standard.every((value, i) => Math.abs(value - blocked[i]) < tolerance)
      if (!isEqual) return { kind: 'standard', reason: `NCHWc gives another result for ${name.slice(0, -9)}` }
    }
    return { kind: 'nchwc', block }
  } catch (error) {
    return { kind: 'standard', reason: error instanceof Error ? error.message.split('\n')[0] : String(error) }
  }
}
