/** Dropout with a mask that is given: which values are dropped is decided outside, the same on every engine. */
import { multiply } from '../onnx/expressions.ts'
import type { Tensor } from '../onnx/graph-builder.ts'
import type { Activation, Trace } from './activation.ts'

/**
 * `y = x * mask`; gradient `dx = dy * mask`.
 *
 * @param mask in the layout of `x`: 0 where a value is dropped, `1 / (1 - rate)` where it is kept.
 */
export const dropout = ({ graph, tape }: Trace, x: Activation, mask: Tensor): Activation => {
  const y = multiply(graph, x.tensor, mask)
  tape.record([x.tensor], y, (dy) => [multiply(graph, dy, mask)])
  return { ...x, tensor: y }
}
