/** Inner optimizers as graph operators, and the one that a spec means. */
import type { AdamSpec, InnerOptimizerSpec, MomentumSpec } from '@laperm/core'
import { adamFactors } from '@laperm/core/kernel'
import { add, divide, multiply, scalar, squareRoot, subtract } from '../onnx/expressions.ts'
import type { Tensor } from '../onnx/graph-builder.ts'
import type { GraphOptimizer } from './graph-optimizer.ts'

/** `theta' = theta - lr * g`. No state. */
const sgd: GraphOptimizer = {
  slotNames: [],
  scalarNames: ['learningRate'],
  scalarsAt: (learningRate) => [learningRate],
  append: (graph, params, gradient, _slots, [learningRate]) => ({
    params: subtract(graph, params, multiply(graph, gradient, learningRate)),
    slots: [],
  }),
}

/** `v' = momentum * v - lr * g`, `theta' = theta + v'`; with Nesterov `theta' = theta + momentum * v' - lr * g`. */
const momentum = (spec: MomentumSpec): GraphOptimizer => ({
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

/**
 * `m' = b1 m + (1 - b1) g`, `v' = b2 v + (1 - b2) g^2`, `theta' = theta - stepSize * m' / (sqrt(v') + epsilon_t)`.
 *
 * The step size and epsilon_t are core's `adamFactors`: one graph serves both placements of epsilon.
 */
const adam = (spec: AdamSpec): GraphOptimizer => ({
  slotNames: ['m', 'v'],
  scalarNames: ['stepSize', 'epsilon'],
  scalarsAt: (learningRate, step) => {
    const { rate, epsilon } = adamFactors(spec, learningRate, step)
    return [rate, epsilon]
  },
  append: (graph, params, gradient, [m, v], [stepSize, epsilon]) => {
    // old + (1 - decay) * (value - old): a decay like 0.999 is not a float32, and 100 steps of decay * old would show it.
    const average = (old: Tensor, value: Tensor, decay: number): Tensor =>
      add(graph, old, multiply(graph, subtract(graph, value, old), scalar(graph, 1 - decay)))
    const nextM = average(m, gradient, spec.beta1)
    const nextV = average(v, multiply(graph, gradient, gradient), spec.beta2)
    const move = divide(
      graph,
      multiply(graph, nextM, stepSize),
      add(graph, squareRoot(graph, nextV), epsilon),
    )
    return { params: subtract(graph, params, move), slots: [nextM, nextV] }
  },
})

/** The graph operators that a spec means. */
export const makeGraphOptimizer = (spec: InnerOptimizerSpec): GraphOptimizer => {
  switch (spec.kind) {
    case 'sgd':
      return sgd
    case 'momentum':
      return momentum(spec)
    case 'adam':
      return adam(spec)
    default:
      return spec satisfies never
  }
}
