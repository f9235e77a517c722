/** A batch through the network: a training step, and an evaluation. Both give `[loss sum, hits]`, on the device. */
import { fillDropoutMask } from '@laperm/core/kernel'
import type { Batch } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { type ForwardContext, forward } from './forward.ts'
import type { TensorOptimizer } from './inner-update.ts'
import { softmaxCrossEntropy } from './loss.ts'
import type { SessionVariables } from './session-variables.ts'

/** The two passes; each result belongs to the caller. */
export interface BatchPasses {
  /** Forward, backward, and the inner optimizer's update. Writes moving averages on the way, then weights and slots. */
  readonly train: (batch: Batch, learningRate: number, step: number) => tf.Tensor
  /** Inference mode; writes nothing. */
  readonly evaluate: (batch: Batch) => tf.Tensor
}

/** The passes of a model over a session's variables. @param seed decides the dropout masks, with the step and the layer. */
export const makeBatchPasses = (
  { model, layers }: InferredModel,
  variables: SessionVariables,
  optimizer: TensorOptimizer,
  seed: number,
): BatchPasses => {
  const contextOf = (isTraining: boolean, size: number, step: number): ForwardContext => ({
    isTraining,
    variable: variables.variable,
    dropoutMask: (layer, rate, perExample) => {
      const shape = [size, ...perExample]
      const mask = new Float32Array(shape.reduce((product, axis) => product * axis, 1))
      fillDropoutMask(mask, rate, seed, layer, step)
      return tf.tensor(mask, shape)
    },
  })
  const inputOf = ({ inputs, size }: Batch): tf.Tensor => tf.tensor(inputs, [size, ...model.inputShape])

  return {
    train: (batch, learningRate, step) =>
      tf.tidy(() => {
        const context = contextOf(true, batch.size, step)
        const input = inputOf(batch)
        const weights = variables.trainable()
        const slots = variables.slots()
        let score: tf.Tensor | undefined
        const { value, grads } = tf.variableGrads(
          () => {
            const { lossSum, correct } = softmaxCrossEntropy(forward(context, layers, input), batch)
            score = tf.keep(tf.stack([lossSum, correct]))
            return tf.div(lossSum, batch.size) as tf.Scalar
          },
          weights.map(({ variable }) => variable),
        )
        value.dispose()
        const update = optimizer.atStep(learningRate, step)
        weights.forEach(({ l2, variable: theta }, i) => {
          const gradient = grads[theta.name]
          const updated = update(
            theta,
            l2 === 0 ? gradient : tf.add(gradient, tf.mul(theta, 2 * l2)),
            slots.map((arrays) => arrays[i]),
          )
          theta.assign(updated.weights)
          updated.slots.forEach((next, slot) => {
            slots[slot][i].assign(next)
          })
        })
        if (score === undefined) throw new Error('the loss was not computed')
        // A kept tensor outlives every scope; its copy belongs to this one.
        const result = tf.clone(score)
        score.dispose()
        return result
      }),
    evaluate: (batch) =>
      tf.tidy(() => {
        const logits = forward(contextOf(false, batch.size, 0), layers, inputOf(batch))
        const { lossSum, correct } = softmaxCrossEntropy(logits, batch)
        return tf.stack([lossSum, correct])
      }),
  }
}
