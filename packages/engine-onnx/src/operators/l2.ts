/** L2 penalty: `l2 * sum(w^2)` is added to the loss. */
import { add, multiply, scalar } from '../onnx/expressions.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'

/** The gradient of the loss with the penalty: `dw + 2 * l2 * w`; without a penalty `dw` itself. */
export const addL2Gradient = (graph: GraphBuilder, dw: Tensor, w: Tensor, l2: number): Tensor =>
  l2 === 0 ? dw : add(graph, dw, multiply(graph, w, scalar(graph, 2 * l2)))
