/** Stochastic gradient descent as graph operators. */
import { multiply, subtract } from '../onnx/expressions.ts'
import type { GraphOptimizer } from './graph-optimizer.ts'

/** `theta' = theta - lr * g`. No state. */
export const sgd: GraphOptimizer = {
  slotNames: [],
  scalarNames: ['learningRate'],
  scalarsAt: (learningRate) => [learningRate],
  append: (graph, params, gradient, _slots, [learningRate]) => ({
    params: subtract(graph, params, multiply(graph, gradient, learningRate)),
    slots: [],
  }),
}
