/**
 * What is saved of an outer optimizer with a model's configuration: the inner optimizer, the period, and the variables it works on.
 */
import type { Schedule, SyncPeriodSpec } from '@laperm/core'
import type { Optimizer, serialization } from '@tensorflow/tfjs-core'
import { innerToConfig } from './inner-optimizer.ts'
import type { SavedVariable } from './saved-variables.ts'

/** The period k: a number, a spec over the run, or a function of the step (which cannot be saved with a model). */
export type SyncPeriod = number | SyncPeriodSpec | Schedule

/**
 * The configuration that every outer optimizer starts its own with.
 *
 * @throws TypeError for a period that is a function.
 */
export const outerToConfig = (
  inner: Optimizer,
  syncPeriod: SyncPeriod,
  variables: readonly SavedVariable[] | undefined,
): serialization.ConfigDict => {
  if (typeof syncPeriod === 'function')
    throw new TypeError(
      'syncPeriod: a function cannot be saved with a model. Give the period as a number or a SyncPeriodSpec.',
    )
  return {
    inner: innerToConfig(inner),
    syncPeriod: syncPeriod as serialization.ConfigDictValue,
    variables: variables?.map((variable) => ({ ...variable, shape: [...variable.shape] })) ?? null,
  }
}
