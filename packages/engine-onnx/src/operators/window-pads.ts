/** TensorFlow's padding of both axes of a sliding window, as ONNX wants it. */
import { type Padding, windowPadding } from '@laperm/models'
import type { Pads, Pair } from '../onnx/image-expressions.ts'

export const windowPads = (input: Pair, window: Pair, strides: Pair, padding: Padding): Pads => {
  const [top, bottom] = windowPadding(input[0], window[0], strides[0], padding)
  const [left, right] = windowPadding(input[1], window[1], strides[1], padding)
  return { top, bottom, left, right }
}
