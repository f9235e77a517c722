/**
 * The synchronization period k: how many inner steps lie between two synchronizations, constant or changing over the run.
 */
import * as E from '../either.ts'
import { renderError } from '../errors/errors.ts'
import {
  checkInteger,
  checkKind,
  checkList,
  checkRecord,
  checkSetting,
  requireSetting,
} from '../settings/checks.ts'
import { refuse, type SettingError, settle } from '../settings/setting-problem.ts'
import { count } from '../settings/setting-rule.ts'
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

/**
 * Check a sync period from outside: periods are positive integers, starts ascend from step 1.
 *
 * @param setting what it is called in errors.
 * @returns `Left` naming the first setting against its rule.
 */
export const checkSyncPeriod = (
  value: unknown,
  setting = 'syncPeriod',
): E.Either<SettingError, SyncPeriodSpec> =>
  settle(() => {
    const [kind, record] = checkKind<SyncPeriodSpec['kind']>(setting, value, {
      constant: ['period'],
      steps: ['periods'],
    })
    if (kind === 'constant') return { kind, period: checkSetting(`${setting}.period`, record.period, count) }
    let last = 0
    const periods = checkList(`${setting}.periods`, record.periods).map((item, i) => {
      const place = `${setting}.periods[${i}]`
      const { fromStep, period } = checkRecord(place, item, ['fromStep', 'period'])
      last = checkInteger(`${place}.fromStep`, fromStep, last + 1)
      return { fromStep: last, period: checkSetting(`${place}.period`, period, count) }
    })
    if (periods.length === 0) refuse(`${setting}.periods`, [], 'it must name at least one period')
    if (periods[0].fromStep !== 1)
      refuse(`${setting}.periods[0].fromStep`, periods[0].fromStep, 'the first period must hold from step 1')
    return { kind, periods }
  })

/**
 * The schedule that a spec means: the sync period as a function of the step, counted from 1.
 *
 * @returns `Left` when a period is not a positive integer or the starts do not ascend from 1.
 */
export const makeSyncPeriod = (spec: SyncPeriodSpec): E.Either<SettingError, Schedule> =>
  E.map((checked: SyncPeriodSpec): Schedule => {
    if (checked.kind === 'constant') return () => checked.period
    return (step) => {
      let period = checked.periods[0].period
      for (const entry of checked.periods) if (entry.fromStep <= step) period = entry.period
      return period
    }
  })(checkSyncPeriod(spec))

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
      if (!count.holds(period))
        throw new RangeError(`syncPeriod: must be ${count.says}, got ${String(period)} at step ${step}`)
      return period
    }
  if (typeof syncPeriod === 'number') {
    requireSetting('syncPeriod', syncPeriod, count)
    return () => syncPeriod
  }
  const schedule = makeSyncPeriod(syncPeriod)
  if (E.isLeft(schedule)) throw new RangeError(renderError(schedule.left))
  return schedule.right
}
