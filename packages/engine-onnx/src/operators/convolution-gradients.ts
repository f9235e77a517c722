/**
 * Gradients of a convolution as convolutions, so that they run at the speed of the forward pass.
 *
 * Neither needs an im2col of its own nor onnxruntime's ConvTranspose (a matrix product and a slow scatter).
 */
import { blockKernel, convolveBlocked } from '../onnx/blocked-expressions.ts'
import { concatenate, gatherRows, reshape, slice, transpose } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import { convolve, type Pads, type Pair } from '../onnx/image-expressions.ts'

/** A convolution's geometry. */
export interface ConvolutionShape {
  /** `[kh, kw, cin, cout]`. */
  readonly kernel: readonly [number, number, number, number]
  readonly strides: Pair
  readonly pads: Pads
  /** Height and width before and after. */
  readonly input: Pair
  readonly output: Pair
}

/**
 * The gradient of the kernel, `[kh, kw, cin, cout]`.
 *
 * `dK[ky, kx, c, o] = sum over n, oy, ox of x[n, sy oy + ky, sx ox + kx, c] dy[n, oy, ox, o]`. Read the examples as channels, and the
 * channels as part of the width: then this is ONE correlation of the image `[1, n, h, w * cin]` with the kernels
 * `dy[o, n, oy, ox]`, dilated by `[sy, sx * cin]`, and its output `[1, o, kh, kw * cin]` is the kernel's gradient.
 *
 * @param x channels last, `[batch, h, w, cin]`.
 * @param dy channels first, `[batch, cout, oh, ow]`.
 */
export const kernelGradient = (
  graph: GraphBuilder,
  x: Tensor,
  dy: Tensor,
  { kernel: [kh, kw, cin, cout], strides, pads, input }: ConvolutionShape,
): Tensor => {
  const image = reshape(graph, x, [1, x.shape[0], input[0], input[1] * cin])
  const kernels = transpose(graph, dy, [1, 0, 2, 3])
  const correlation = convolve(graph, image, kernels, {
    strides: [1, 1],
    dilations: [strides[0], strides[1] * cin],
    pads: { ...pads, left: pads.left * cin, right: pads.right * cin },
  })
  // Where the stride leaves pixels at the end that no window reaches, rows and columns come out that belong to no weight.
  const gradient = slice(graph, correlation, [
    { axis: 2, from: 0, to: kh },
    { axis: 3, from: 0, to: kw * cin },
  ])
  const matrix = transpose(graph, reshape(graph, gradient, [cout, kh * kw * cin]), [1, 0])
  return reshape(graph, matrix, [kh, kw, cin, cout])
}

/** How images are kept while the input's gradient is computed. */
interface ImageForm {
  /** Size of the channel axis. */
  readonly channelAxis: (channels: number) => number
  /** Axes after the width. */
  readonly tail: readonly number[]
  /** From `[places, cin, cout]` to the kernel of a correlation that takes cout channels to cin. */
  readonly makeKernel: (kernel: Tensor, window: Pair) => Tensor
  readonly correlate: (dy: Tensor, kernel: Tensor, pads: Pads) => Tensor
}

const plainOptions = (pads: Pads) => ({ strides: [1, 1], dilations: [1, 1], pads }) as const

const channelsFirstForm = (graph: GraphBuilder): ImageForm => ({
  channelAxis: (channels) => channels,
  tail: [],
  makeKernel: (kernel, window) =>
    reshape(graph, transpose(graph, kernel, [1, 2, 0]), [kernel.shape[1], kernel.shape[2], ...window]),
  correlate: (dy, kernel, pads) => convolve(graph, dy, kernel, plainOptions(pads)),
})

const blockedForm = (graph: GraphBuilder, block: number): ImageForm => ({
  channelAxis: (channels) => channels / block,
  tail: [block],
  makeKernel: (kernel, window) => blockKernel(graph, transpose(graph, kernel, [0, 2, 1]), window, block),
  correlate: (dy, kernel, pads) => convolveBlocked(graph, dy, kernel, block, plainOptions(pads)),
})

/**
 * Along one axis, the input places `q * stride + phase`: which kernel places reach them, last first, and how far the output's gradient
 * must be padded (negative: cropped) for output place `q` to line up.
 */
const phaseOf = (
  phase: number,
  stride: number,
  window: number,
  padBefore: number,
  outputSize: number,
  phaseSize: number,
): { readonly taps: readonly number[]; readonly before: number; readonly after: number } => {
  // Place q * stride + phase meets kernel place k at output q + shift - j, where k = first + j * stride.
  const first = (phase + padBefore) % stride
  const shift = (phase + padBefore - first) / stride
  const count = Math.max(0, Math.ceil((window - first) / stride))
  if (count === 0) return { taps: [], before: 0, after: phaseSize - outputSize }
  const before = count - 1 - shift
  return {
    taps: Array.from({ length: count }, (_, j) => first + stride * (count - 1 - j)),
    before,
    after: phaseSize - outputSize - before + count - 1,
  }
}

/** Crop where the padding is negative; the rest is left to the convolution. */
const crop = (graph: GraphBuilder, dy: Tensor, pads: Pads): Tensor =>
  slice(graph, dy, [
    { axis: 2, from: Math.max(0, -pads.top), to: Number(dy.shape[2]) - Math.max(0, -pads.bottom) },
    { axis: 3, from: Math.max(0, -pads.left), to: Number(dy.shape[3]) - Math.max(0, -pads.right) },
  ])

const onlyPositive = (pads: Pads): Pads => ({
  top: Math.max(0, pads.top),
  bottom: Math.max(0, pads.bottom),
  left: Math.max(0, pads.left),
  right: Math.max(0, pads.right),
})

/**
 * The gradient of the input, in the layout of dy.
 *
 * With stride 1 it is the correlation of `dy` with the rotated kernel. With stride s the input places of each of the s * s phases see
 * only every s-th kernel place: one small correlation a phase, and the phases are interleaved ("sub-pixel" convolution).
 *
 * @param dy channels first `[batch, cout, oh, ow]`, or blocked where a block is given.
 * @param kernel `[kh, kw, cin, cout]`.
 */
export const inputGradient = (
  graph: GraphBuilder,
  dy: Tensor,
  kernel: Tensor,
  { kernel: [kh, kw, cin, cout], strides, pads, input, output }: ConvolutionShape,
  block?: number,
): Tensor => {
  const form = block === undefined ? channelsFirstForm(graph) : blockedForm(graph, block)
  const phaseSize: Pair = [Math.ceil(input[0] / strides[0]), Math.ceil(input[1] / strides[1])]
  const places = reshape(graph, kernel, [kh * kw, cin * cout])

  const gradientOfPhase = (row: number, column: number): Tensor => {
    const vertical = phaseOf(row, strides[0], kh, pads.top, output[0], phaseSize[0])
    const horizontal = phaseOf(column, strides[1], kw, pads.left, output[1], phaseSize[1])
    const window: Pair = [Math.max(1, vertical.taps.length), Math.max(1, horizontal.taps.length)]
    const taps = vertical.taps.flatMap((ky) => horizontal.taps.map((kx) => ky * kw + kx))
    // Places that no window reaches (a stride beyond the kernel) get a kernel of zeros.
    const isReached = taps.length > 0
    const selected = isReached
      ? reshape(graph, gatherRows(graph, places, taps), [taps.length, cin, cout])
      : graph.constant(new Float32Array(window[0] * window[1] * cin * cout), [
          window[0] * window[1],
          cin,
          cout,
        ])
    const phasePads: Pads = {
      top: vertical.before,
      bottom: vertical.after,
      left: horizontal.before,
      right: horizontal.after,
    }
    return form.correlate(
      crop(graph, dy, phasePads),
      form.makeKernel(selected, window),
      onlyPositive(phasePads),
    )
  }

  const phases = Array.from({ length: strides[0] }, (_, row) =>
    Array.from({ length: strides[1] }, (_, column) => gradientOfPhase(row, column)),
  )
  if (strides[0] === 1 && strides[1] === 1) return phases[0][0]
  const front = [dy.shape[0], form.channelAxis(cin)]
  const cell = (x: Tensor): Tensor =>
    reshape(graph, x, [...front, phaseSize[0], 1, phaseSize[1], 1, ...form.tail])
  const rows = phases.map((row) => concatenate(graph, row.map(cell), 5))
  const interleaved = reshape(graph, concatenate(graph, rows, 3), [
    ...front,
    phaseSize[0] * strides[0],
    phaseSize[1] * strides[1],
    ...form.tail,
  ])
  return slice(graph, interleaved, [
    { axis: 2, from: 0, to: input[0] },
    { axis: 3, from: 0, to: input[1] },
  ])
}
