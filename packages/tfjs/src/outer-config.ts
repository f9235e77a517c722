/**
 * What is saved of an outer optimizer with a model's configuration: the inner optimizer, the period, and the variables it works on.
 */
import type { Optimizer, serialization } from '@tensorflow/tfjs-core'
import { innerToConfig } from './inner-optimizer.ts'
import type { LearningRate, SyncPeriod } from './options.ts'

/** What of an outer optimizer is saved as its configuration. */
export interface OuterConfig {
  readonly inner: Optimizer
  readonly syncPeriod: SyncPeriod
  readonly learningRate: LearningRate | undefined
  /** From `savedVariablesToConfig`; null before the first step. */
  readonly variables: serialization.ConfigDictValue
}

/**
 * The configuration that every outer optimizer starts its own with.
 *
 * @throws TypeError for a period or a learning rate that is a function.
 */
export const outerToConfig = (outer: OuterConfig): serialization.ConfigDict => {
  const { inner, syncPeriod, learningRate, variables } = outer
  if (typeof syncPeriod === 'function')
    throw new TypeError(
      'syncPeriod: a function cannot be saved with a model. Give the period as a number or a SyncPeriodSpec.',
    )
  if (typeof learningRate === 'function')
    throw new TypeError(
      'learningRate: a function cannot be saved with a model. Give it as { spec, stepsPerEpoch }.',
    )
  return {
    inner: innerToConfig(inner),
    syncPeriod: syncPeriod as serialization.ConfigDictValue,
    learningRate: (learningRate ?? null) as serialization.ConfigDictValue,
    variables,
  }
}
