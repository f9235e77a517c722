/**
 * The synchronization period k: how many inner steps lie between two synchronizations, constant or changing over the run.
 */
import { either as E } from 'fp-ts'
import { type InvalidSetting, invalidSetting, renderError } from '../errors/errors.ts'
import type { Schedule } from './schedule.ts'

/**
 * A sync period over a run. Steps count from 1.
 *
 * `steps`: from step `fromStep` on, `period` steps; the first entry starts at step 1, and the entries ascend.
 */
export type SyncPeriodSpec =
  | { readonly kind: 'constant'; readonly period: number }
  | {
      readonly kind: 'steps'
      readonly periods: readonly { readonly fromStep: number; readonly period: number }[]
    }

const isPeriod = (period: number): boolean => Number.isSafeInteger(period) && period >= 1
const periodRule = 'it must be an integer of at least 1'

const problemOf = (spec: SyncPeriodSpec): InvalidSetting | undefined => {
  if (spec.kind === 'constant')
    return isPeriod(spec.period) ? undefined : invalidSetting('sync period', spec.period, periodRule)
  if (spec.periods.length === 0 || spec.periods[0].fromStep !== 1)
    return invalidSetting(
      'sync periods',
      `[${spec.periods.map(({ fromStep, period }) => `${period} from step ${fromStep}`).join(', ')}]`,
      'the first period must start at step 1',
    )
  for (const [i, { fromStep, period }] of spec.periods.entries()) {
    if (!isPeriod(period)) return invalidSetting(`sync period ${i + 1}`, period, periodRule)
    if (i > 0 && !(Number.isSafeInteger(fromStep) && fromStep > spec.periods[i - 1].fromStep))
      return invalidSetting(
        `start of sync period ${i + 1}`,
        fromStep,
        'starts must be steps in ascending order',
      )
  }
  return undefined
}

/**
 * The schedule that a spec means: the sync period as a function of the step, counted from 1.
 *
 * @returns `Left(InvalidSetting)` when a period is not a positive integer or the starts do not ascend from 1.
 */
export const makeSyncPeriod = (spec: SyncPeriodSpec): E.Either<InvalidSetting, Schedule> => {
  const problem = problemOf(spec)
  if (problem !== undefined) return E.left(problem)
  if (spec.kind === 'constant') return E.right(() => spec.period)
  return E.right((step) => {
    let period = spec.periods[0].period
    for (const entry of spec.periods) if (entry.fromStep <= step) period = entry.period
    return period
  })
}

/**
 * Whether this step ends with a synchronization.
 *
 * For a constant period k, counting from the last synchronization, these are exactly the steps that k divides.
 *
 * @param stepsSinceSync inner steps taken since the last synchronization (or the start), the present one included: 1, 2, ...
 * @param period the sync period at this step. Where it has shrunk below what has passed already, this step synchronizes.
 */
export const isSyncStep = (stepsSinceSync: number, period: number): boolean => stepsSinceSync >= period

/**
 * A sync period in any of its forms as a schedule.
 *
 * @param syncPeriod a constant, a spec, or a function of the step.
 * @returns a schedule that checks what it hands out.
 * @throws RangeError at once for a constant or a spec against the rules; from the schedule, when a function gives no positive integer.
 */
export const toSyncPeriodSchedule = (syncPeriod: number | SyncPeriodSpec | Schedule): Schedule => {
  if (typeof syncPeriod === 'function')
    return (step) => {
      const period = syncPeriod(step)
      if (!isPeriod(period))
        throw new RangeError(`syncPeriod: must be an integer of at least 1, got ${period} at step ${step}`)
      return period
    }
  const spec: SyncPeriodSpec =
    typeof syncPeriod === 'number' ? { kind: 'constant', period: syncPeriod } : syncPeriod
  const schedule = makeSyncPeriod(spec)
  if (E.isLeft(schedule)) throw new RangeError(renderError(schedule.left))
  return schedule.right
}
