/** At which steps a run synchronizes. */
import { isSyncStep, makeSyncPeriod, renderError, type Schedule } from '@laperm/core'
import { either as E } from 'fp-ts'
import type { Experiment } from './experiment.ts'

/** The steps that end with a synchronization, and what follows for evaluation. */
export interface SyncSteps {
  /** Whether this step synchronizes: by the period, or because a run ends synchronized. */
  readonly isSync: (step: number, stepsSinceSync: number) => boolean
  /** Whether this step synchronizes only because it is the run's last. */
  readonly isForced: (step: number, stepsSinceSync: number) => boolean
  /**
   * The last step in `(from, to]` that synchronizes, null when there is none: where the epoch is evaluated.
   *
   * @param stepsSinceSync at step `from`.
   */
  readonly lastWithin: (from: number, to: number, stepsSinceSync: number) => number | null
}

/**
 * @param totalSteps of the run; its last step always synchronizes.
 * @throws RangeError when the sync period was not checked (see `resolveExperiment`).
 */
export const makeSyncSteps = (experiment: Experiment, totalSteps: number): SyncSteps => {
  const { outer } = experiment
  if (outer.kind === 'none') return { isSync: () => false, isForced: () => false, lastWithin: () => null }
  const made = makeSyncPeriod(outer.syncPeriod)
  if (E.isLeft(made)) throw new RangeError(renderError(made.left))
  const period: Schedule = made.right
  const isRegular = (step: number, stepsSinceSync: number) => isSyncStep(stepsSinceSync, period(step))
  const isSync = (step: number, stepsSinceSync: number) =>
    step === totalSteps || isRegular(step, stepsSinceSync)
  return {
    isSync,
    isForced: (step, stepsSinceSync) => step === totalSteps && !isRegular(step, stepsSinceSync),
    lastWithin: (from, to, stepsSinceSync) => {
      let last: number | null = null
      let since = stepsSinceSync
      for (let step = from + 1; step <= to; step++) {
        since++
        if (!isSync(step, since)) continue
        last = step
        since = 0
      }
      return last
    },
  }
}
