/** What `sync()` does to a session's variables: LaPerm's permutation, or Lookahead's step. */
import type { TensorOperations } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import type { DeviceCalls } from './device-calls.ts'
import { refuseNaN } from './refuse-nan.ts'
import type { NamedVariable, SessionVariables } from './session-variables.ts'

/** The operations' result for each variable, which the device has taken. @throws DivergedError before anything is computed. */
const resultsFor = async (
  chosen: readonly NamedVariable[],
  { activate, read }: DeviceCalls,
  operations: TensorOperations<tf.Tensor>,
  compute: (tensor: tf.Tensor, i: number) => Promise<tf.Tensor> | tf.Tensor,
): Promise<readonly tf.Tensor[]> => {
  await refuseNaN(
    chosen.map(({ name, variable }) => ({ name, tensor: variable })),
    read,
  )
  const results: tf.Tensor[] = []
  try {
    for (const [i, { variable }] of chosen.entries()) {
      results.push(await compute(variable, i))
      activate()
    }
    await operations.settled?.()
    activate()
    return results
  } catch (error) {
    tf.dispose(results)
    throw error
  }
}

/** theta_sorted of the permuted variables, for the session to keep. @throws DivergedError when a weight is NaN. */
export const sortPermuted = (
  variables: SessionVariables,
  calls: DeviceCalls,
  operations: TensorOperations<tf.Tensor>,
): Promise<readonly tf.Tensor[]> =>
  resultsFor(variables.chosen(), calls, operations, (tensor) => operations.sort(tensor))

/**
 * LaPerm: every permuted variable becomes its initial weights in the order of its present ones.
 *
 * All or nothing: no variable is written before the device has taken every synchronization.
 *
 * @param willWrite called before the first write.
 * @throws DivergedError when a weight is NaN; nothing is written then.
 */
export const permute = async (
  variables: SessionVariables,
  calls: DeviceCalls,
  operations: TensorOperations<tf.Tensor>,
  willWrite: () => void,
): Promise<void> => {
  const chosen = variables.chosen()
  const sorted = variables.keptForUpdate()
  const results = await resultsFor(chosen, calls, operations, (tensor, i) =>
    operations.sync(sorted[i], tensor),
  )
  try {
    willWrite()
    results.forEach((result, i) => {
      chosen[i].variable.assign(result)
    })
  } finally {
    tf.dispose([...results])
  }
}

/** Where each chosen variable is not zero, for the session to keep. */
export const whereNotZero = (variables: SessionVariables): readonly tf.Tensor[] =>
  variables.chosen().map(({ variable }) => tf.tidy(() => tf.notEqual(variable, 0)))

/** Weights that were zero at the start become +0 again. */
export const freezeZeros = (variables: SessionVariables): void =>
  tf.tidy(() => {
    const isTrained = variables.keptForUpdate()
    variables.chosen().forEach(({ variable }, i) => {
      variable.assign(tf.where(isTrained[i], variable, tf.zerosLike(variable)))
    })
  })

/** Lookahead: `slow += slowStepSize * (fast - slow); fast = slow`. */
export const moveSlow = (variables: SessionVariables, slowStepSize: number): void =>
  tf.tidy(() => {
    const slow = variables.slow()
    variables.trainable().forEach(({ variable: fast }, i) => {
      const next = tf.add(slow[i], tf.mul(tf.sub(fast, slow[i]), slowStepSize))
      slow[i].assign(next)
      fast.assign(next)
    })
  })
