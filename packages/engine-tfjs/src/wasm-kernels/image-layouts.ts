/**
 * Layouts in which the gradients of a convolution are convolutions themselves, each made in one pass over tfjs's memory. tfjs's own
 * operations take a transposition, a reversal, slices and a stack for the same.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { makeFloats, valuesOf, type WasmHeap } from './heap.ts'

/** `[n, h, w, c]` to `[c, h, w, n]`: channels as images, examples as channels. */
export const channelsAsImages = (heap: WasmHeap, x: TensorInfo): TensorInfo => {
  const [batch, height, width, channels] = x.shape
  const places = height * width
  const out = makeFloats(heap, [channels, height, width, batch])
  const [from, to] = [valuesOf(heap, x), valuesOf(heap, out)]
  const image = places * channels
  // Writes run on through memory: reads that jump cost less than writes that do.
  for (let place = 0; place < places; place++)
    for (let c = 0; c < channels; c++) {
      let read = place * channels + c
      let write = (c * places + place) * batch
      for (const end = write + batch; write < end; write++, read += image) to[write] = from[read]
    }
  return out
}

/** `[n, p, q, f]` to `[p, q, n, f]`: a gradient as a kernel over its places, whose inputs are the examples. */
export const gradientAsKernel = (heap: WasmHeap, dy: TensorInfo): TensorInfo => {
  const [batch, height, width, filters] = dy.shape
  const places = height * width
  const out = makeFloats(heap, [height, width, batch, filters])
  const [from, to] = [valuesOf(heap, dy), valuesOf(heap, out)]
  for (let n = 0; n < batch; n++)
    for (let place = 0; place < places; place++) {
      let read = (n * places + place) * filters
      let write = (place * batch + n) * filters
      for (const end = read + filters; read < end; read++, write++) to[write] = from[read]
    }
  return out
}

/** One axis of a kernel as places of one phase meet it: taps `phase, phase + stride, ...`, from the last to the first. */
export interface PhaseOfTaps {
  readonly phase: number
  readonly stride: number
}

/** How many taps of a kernel axis a phase has. */
export const tapsOf = (kernelSize: number, { phase, stride }: PhaseOfTaps): number =>
  Math.max(0, Math.ceil((kernelSize - phase) / stride))

/** `[kh, kw, c, f]` to `[taps, taps, f, c]`: the taps of a phase, turned around, with inputs and outputs exchanged. */
export const turnedKernel = (
  heap: WasmHeap,
  kernel: TensorInfo,
  rows: PhaseOfTaps,
  columns: PhaseOfTaps,
): TensorInfo => {
  const [kernelHeight, kernelWidth, channels, filters] = kernel.shape
  const height = tapsOf(kernelHeight, rows)
  const width = tapsOf(kernelWidth, columns)
  const out = makeFloats(heap, [height, width, filters, channels])
  const [from, to] = [valuesOf(heap, kernel), valuesOf(heap, out)]
  const size = channels * filters
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const row = rows.phase + (height - 1 - i) * rows.stride
      const column = columns.phase + (width - 1 - j) * columns.stride
      const read = (row * kernelWidth + column) * size
      const write = (i * width + j) * size
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++) to[write + f * channels + c] = from[read + c * filters + f]
    }
  return out
}

/** Places of one phase among those of an image: `first, first + stride, ...` along each axis. */
export interface PhaseOfPlaces {
  readonly first: readonly [number, number]
  readonly strides: readonly [number, number]
}

/** Write the places of a phase, `[n, rows, columns, c]`, into those of an image `[n, h, w, c]`. */
export const spreadPhase = (
  heap: WasmHeap,
  part: TensorInfo,
  image: TensorInfo,
  { first, strides }: PhaseOfPlaces,
): void => {
  const [batch, rows, columns, channels] = part.shape
  const [, height, width] = image.shape
  const [from, to] = [valuesOf(heap, part), valuesOf(heap, image)]
  let read = 0
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const place = (n * height + first[0] + i * strides[0]) * width + first[1] + j * strides[1]
        const write = place * channels
        for (let c = 0; c < channels; c++) to[write + c] = from[read + c]
        read += channels
      }
}
