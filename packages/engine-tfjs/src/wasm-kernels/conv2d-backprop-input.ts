/** Gradient of 2-D convolution with respect to its input, as convolutions, so that tfjs-backend-wasm's XNNPACK does the work. */
import {
  type Conv2DBackpropInputAttrs,
  conv2d,
  matMul,
  reshape,
  slice,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'
import { asMatMul, conv2dInfo, type Shape4 } from './conv2d-shapes.ts'
import { makeFloats, tensorOf, valuesOf, type WasmHeap } from './heap.ts'
import { spreadPhase, tapsOf, turnedKernel } from './image-layouts.ts'

/** One axis of the image: its size and padding before it, the gradient's size, the kernel's, and the stride. */
interface Axis {
  readonly size: number
  readonly before: number
  readonly out: number
  readonly kernel: number
  readonly stride: number
}

/** What one phase of an axis computes: places `first, first + stride, ...` of the image, of which there are `places`. */
interface AxisPhase {
  readonly phase: number
  readonly stride: number
  readonly first: number
  readonly places: number
  readonly taps: number
  /** Zeros around the gradient; where negative, so many of its places reach no place of the image. */
  readonly padding: readonly [number, number]
}

/**
 * The phases of an axis. Place `y` of the padded image is met by the taps `y mod stride, ...`, so places of one phase are a convolution of
 * the gradient with every stride-th tap.
 */
const phasesOf = ({ size, before, out, kernel, stride }: Axis): readonly AxisPhase[] =>
  Array.from({ length: stride }, (_, phase): AxisPhase => {
    const skipped = Math.max(0, Math.ceil((before - phase) / stride))
    const first = skipped * stride + phase - before
    const places = Math.max(0, Math.ceil((size - first) / stride))
    const taps = tapsOf(kernel, { phase, stride })
    const padding = [taps - 1 - skipped, skipped + places - out] as const
    return { phase, stride, first, places, taps, padding }
  }).filter(({ places, taps }) => places > 0 && taps > 0)

/** `dy` without the places that a phase does not reach. */
const reached = (dy: Tensor4D, rows: AxisPhase, columns: AxisPhase): Tensor4D => {
  const [batch, height, width, filters] = dy.shape
  const [top, bottom, left, right] = [...rows.padding, ...columns.padding].map((zeros) => Math.max(0, -zeros))
  return top + bottom + left + right === 0
    ? dy
    : slice(dy, [0, top, left, 0], [batch, height - top - bottom, width - left - right, filters])
}

const around = ({ padding: [before, after] }: AxisPhase): [number, number] => [
  Math.max(0, before),
  Math.max(0, after),
]

/**
 * `dx[n, s q + r - top, ...] = sum over t of dy[n, q - t, ...] W[r + s t, ...]`: for each of the `s * s` phases `r` of the stride a
 * convolution of dy with every s-th tap of the kernel, turned around; the phases are interleaved.
 *
 * @returns in `inputShape`, `[n, h, w, cin]`. Cost: that of the forward pass.
 */
export const conv2dBackpropInput = (
  heap: WasmHeap,
  dy: Tensor4D,
  filter: Tensor4D,
  attrs: Conv2DBackpropInputAttrs,
): Tensor =>
  tidy(() => {
    const inputShape = attrs.inputShape as Shape4
    const info = conv2dInfo('Conv2DBackpropInput', inputShape, filter.shape, attrs)
    const product = asMatMul(info)
    if (product !== undefined) {
      const { rows, inputs, outputs } = product
      return reshape(
        matMul(reshape(dy, [rows, outputs]), reshape(filter, [inputs, outputs]), false, true),
        inputShape,
      )
    }
    const rowPhases = phasesOf({
      size: info.inHeight,
      before: info.padInfo.top,
      out: info.outHeight,
      kernel: info.filterHeight,
      stride: info.strideHeight,
    })
    const columnPhases = phasesOf({
      size: info.inWidth,
      before: info.padInfo.left,
      out: info.outWidth,
      kernel: info.filterWidth,
      stride: info.strideWidth,
    })
    const placesOf = (rows: AxisPhase, columns: AxisPhase): Tensor4D =>
      conv2d(
        reached(dy, rows, columns),
        tensorOf(heap, turnedKernel(heap, filter, rows, columns)) as Tensor4D,
        1,
        [[0, 0], around(rows), around(columns), [0, 0]],
      )
    if (info.strideHeight === 1 && info.strideWidth === 1) return placesOf(rowPhases[0], columnPhases[0])
    const gradient = makeFloats(heap, inputShape)
    // Places that no tap meets keep this.
    valuesOf(heap, gradient).fill(0)
    for (const rows of rowPhases)
      for (const columns of columnPhases) {
        const part = placesOf(rows, columns)
        spreadPhase(heap, part, gradient, {
          first: [rows.first, columns.first],
          strides: [rows.stride, columns.stride],
        })
        part.dispose()
      }
    return tensorOf(heap, gradient)
  })
