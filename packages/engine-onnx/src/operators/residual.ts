/** The sum of two branches. */
import { add } from '../onnx/expressions.ts'
import type { Activation, Trace } from './activation.ts'
import { toLayoutOf } from './layout.ts'

/** `y = body + shortcut`, in the body's layout; the gradient goes to both. */
export const addBranches = (trace: Trace, body: Activation, shortcut: Activation): Activation => {
  const b = toLayoutOf(trace, shortcut, body)
  const y = add(trace.graph, body.tensor, b.tensor)
  trace.tape.record([body.tensor, b.tensor], y, (dy) => [dy, dy])
  return { ...body, tensor: y }
}
