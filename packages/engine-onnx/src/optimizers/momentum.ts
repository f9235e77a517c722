/** SGD with Keras's momentum as graph operators. */
import type { MomentumSpec } from '@laperm/core'
import { add, multiply, scalar, subtract } from '../onnx/expressions.ts'
import type { GraphOptimizer } from './graph-optimizer.ts'

/** `v' = momentum * v - lr * g`, `theta' = theta + v'`; with Nesterov `theta' = theta + momentum * v' - lr * g`. */
export const momentum = (spec: MomentumSpec): GraphOptimizer => ({
  slotNames: ['velocity'],
  scalarNames: ['learningRate'],
  scalarsAt: (learningRate) => [learningRate],
  append: (graph, params, gradient, [velocity], [learningRate]) => {
    const decay = scalar(graph, spec.momentum)
    const scaledGradient = multiply(graph, gradient, learningRate)
    const nextVelocity = subtract(graph, multiply(graph, velocity, decay), scaledGradient)
    const move = spec.nesterov
      ? subtract(graph, multiply(graph, nextVelocity, decay), scaledGradient)
      : nextVelocity
    return { params: add(graph, params, move), slots: [nextVelocity] }
  },
})
