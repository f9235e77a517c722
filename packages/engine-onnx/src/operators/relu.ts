/** Rectifier: `y = max(x, 0)`. */
import { cast, greater, multiply, rectify, scalar } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'
import type { Activation, Trace } from './activation.ts'

/** The gradient of a rectifier whose output was y: `dy` where `y > 0`, else 0 (also at `x = 0`, as TensorFlow has it). */
export const maskByOutput = (graph: GraphBuilder, dy: Tensor, y: Tensor): Tensor =>
  multiply(graph, dy, cast(graph, greater(graph, y, scalar(graph, 0)), 'float32'))

/** `y = max(x, 0)`, in every layout. */
export const relu = ({ graph, tape }: Trace, x: Activation): Activation => {
  const y = rectify(graph, x.tensor)
  tape.record([x.tensor], y, (dy) => [maskByOutput(graph, dy, y)])
  return { ...x, tensor: y }
}
