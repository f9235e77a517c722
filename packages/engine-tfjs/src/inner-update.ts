/**
 * SGD, momentum and Adam on tensors. The state is ours and plain, so that a run that is resumed goes on exactly; tfjs's own optimizers
 * rebuild Adam's powers of beta from a file and do not.
 */
import type { InnerOptimizerSpec } from '@laperm/core'
import { adamFactors } from '@laperm/core/kernel'
import * as tf from '@tensorflow/tfjs-core'

/** New values of one parameter and its slots. */
export interface Updated {
  readonly weights: tf.Tensor
  /** In the order of the optimizer's slot names. */
  readonly slots: readonly tf.Tensor[]
}

/** The update of one parameter. */
export type ParameterUpdate = (
  weights: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
) => Updated

/** An inner optimizer on tensors. */
export interface TensorOptimizer {
  readonly slotNames: readonly string[]
  /**
   * The update of every parameter at a step, counted from 1. Its factors are made once for all of them, as tensors: given as numbers, each
   * operation would upload its own, which on a GPU costs more than the arithmetic.
   */
  readonly atStep: (learningRate: number, step: number) => ParameterUpdate
}

const scalarsOf = <K extends string>(factors: Readonly<Record<K, number>>): Record<K, tf.Scalar> =>
  Object.fromEntries(
    Object.entries<number>(factors).map(([name, value]) => [name, tf.scalar(value)]),
  ) as Record<K, tf.Scalar>

/** The optimizer that a spec means; the equations are those of `@laperm/core`, in float32 throughout. Call within `tf.tidy`. */
export const makeTensorOptimizer = (spec: InnerOptimizerSpec): TensorOptimizer => {
  switch (spec.kind) {
    case 'sgd':
      return {
        slotNames: [],
        atStep: (learningRate) => {
          const rate = tf.scalar(learningRate)
          return (weights, gradient) => ({ weights: tf.sub(weights, tf.mul(gradient, rate)), slots: [] })
        },
      }
    case 'momentum':
      return {
        slotNames: ['velocity'],
        atStep: (learningRate) => {
          const { rate, momentum } = scalarsOf({ rate: learningRate, momentum: spec.momentum })
          return (weights, gradient, [before]) => {
            const push = tf.mul(gradient, rate)
            const velocity = tf.sub(tf.mul(before, momentum), push)
            const move = spec.nesterov ? tf.sub(tf.mul(velocity, momentum), push) : velocity
            return { weights: tf.add(weights, move), slots: [velocity] }
          }
        },
      }
    case 'adam':
      return {
        slotNames: ['m', 'v'],
        atStep: (learningRate, step) => {
          const factors = adamFactors(spec, learningRate, step)
          const { oldM, newM, oldV, newV, rate, epsilon } = scalarsOf(factors)
          return (weights, gradient, [m, v]) => {
            const nextM = tf.add(tf.mul(m, oldM), tf.mul(gradient, newM))
            const nextV = tf.add(tf.mul(v, oldV), tf.mul(tf.square(gradient), newV))
            const move = tf.div(tf.mul(nextM, rate), tf.add(tf.sqrt(nextV), epsilon))
            return { weights: tf.sub(weights, move), slots: [nextM, nextV] }
          }
        },
      }
    default:
      return spec satisfies never
  }
}
