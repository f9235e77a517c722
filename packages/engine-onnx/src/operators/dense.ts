/** Fully connected layer: `y = x W + b`. */
import { matrixProduct, reduceSum } from '../onnx/expressions.ts'
import type { Tensor } from '../onnx/graph-builder.ts'
import type { Activation, Trace } from './activation.ts'

/**
 * `y = x W + b` for a batch of rows.
 *
 * Gradients: `dx = dy W^T`, `dW = x^T dy`, `db = sum of dy over the batch`.
 *
 * @param x flat, `[batch, in]`.
 * @param kernel `[in, units]`, Keras's order.
 * @param bias `[units]`; left out, there is none.
 */
export const dense = (
  { graph, tape }: Trace,
  x: Activation,
  kernel: Tensor,
  bias: Tensor | undefined,
): Activation => {
  const y = matrixProduct(graph, x.tensor, kernel, bias === undefined ? {} : { c: bias })
  tape.record([x.tensor, kernel, ...(bias === undefined ? [] : [bias])], y, (dy, [needsInput]) => [
    needsInput ? matrixProduct(graph, dy, kernel, { transposeB: true }) : undefined,
    matrixProduct(graph, x.tensor, dy, { transposeA: true }),
    ...(bias === undefined ? [] : [reduceSum(graph, dy, [0], false)]),
  ])
  return { tensor: y, layout: 'flat', shape: [Number(kernel.shape[1])] }
}
