/**
 * SGD, momentum and Adam on tensors. The state is ours and plain, so that a run that is resumed goes on exactly; tfjs's own optimizers
 * rebuild Adam's powers of beta from a file and do not.
 */
import type { InnerOptimizerSpec } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'

/** New values of one parameter and its slots. */
export interface Updated {
  readonly weights: tf.Tensor
  /** In the order of the optimizer's slot names. */
  readonly slots: readonly tf.Tensor[]
}

/** An inner optimizer on tensors. */
export interface TensorOptimizer {
  readonly slotNames: readonly string[]
  /** The update of one parameter at a step, counted from 1. */
  readonly update: (
    weights: tf.Tensor,
    gradient: tf.Tensor,
    slots: readonly tf.Tensor[],
    learningRate: number,
    step: number,
  ) => Updated
}

/** The optimizer that a spec means; the equations are those of `@laperm/core`, in float32 throughout. */
export const makeTensorOptimizer = (spec: InnerOptimizerSpec): TensorOptimizer => {
  switch (spec.kind) {
    case 'sgd':
      return {
        slotNames: [],
        update: (weights, gradient, _slots, rate) => ({
          weights: tf.sub(weights, tf.mul(gradient, rate)),
          slots: [],
        }),
      }
    case 'momentum':
      return {
        slotNames: ['velocity'],
        update: (weights, gradient, [before], rate) => {
          const push = tf.mul(gradient, rate)
          const velocity = tf.sub(tf.mul(before, spec.momentum), push)
          const move = spec.nesterov ? tf.sub(tf.mul(velocity, spec.momentum), push) : velocity
          return { weights: tf.add(weights, move), slots: [velocity] }
        },
      }
    case 'adam': {
      const { beta1, beta2, epsilon, epsilonPlacement } = spec
      return {
        slotNames: ['m', 'v'],
        update: (weights, gradient, [m, v], learningRate, step) => {
          const root = Math.sqrt(1 - beta2 ** step)
          const rate = (learningRate * root) / (1 - beta1 ** step)
          const placed = epsilonPlacement === 'keras' ? epsilon : epsilon * root
          const nextM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1))
          const nextV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2))
          const move = tf.div(tf.mul(nextM, rate), tf.add(tf.sqrt(nextV), placed))
          return { weights: tf.sub(weights, move), slots: [nextM, nextV] }
        },
      }
    }
    default:
      return spec satisfies never
  }
}
