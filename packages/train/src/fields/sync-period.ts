/** The sync period k: its rule and its text. Part of the field `outer`. */
import type { SyncPeriodSpec } from '@laperm/core'
import { checkInteger, checkKind, checkList, checkRecord, refuse } from './checks.ts'
import { readNumber } from './text.ts'

/** @throws SettingProblem */
export const checkSyncPeriod = (value: unknown): SyncPeriodSpec => {
  const path = 'outer.syncPeriod'
  const [kind, record] = checkKind(path, value, { constant: ['period'], steps: ['periods'] })
  if (kind === 'constant') return { kind, period: checkInteger(path, record.period, 1) }
  let last = 0
  const periods = checkList(`${path}.periods`, record.periods).map((item) => {
    const { fromStep, period } = checkRecord(`${path}.periods`, item, ['fromStep', 'period'])
    last = checkInteger(`${path}.periods.fromStep`, fromStep, last + 1)
    return { fromStep: last, period: checkInteger(`${path}.periods.period`, period, 1) }
  })
  if (periods.length === 0) refuse(`${path}.periods`, [], 'it must name at least one period')
  if (periods[0].fromStep !== 1)
    refuse(`${path}.periods`, periods[0].fromStep, 'the first period must hold from step 1')
  return { kind, periods }
}

/** `250`, or `20,1000@5001`: 20, and 1000 from step 5001 on. @throws SettingProblem */
export const readSyncPeriod = (text: string, path: string): SyncPeriodSpec => {
  const parts = text.split(',')
  if (parts.length === 1 && !text.includes('@')) return { kind: 'constant', period: readNumber(text, path) }
  return {
    kind: 'steps',
    periods: parts.map((part, index) => {
      const [period = '', fromStep, ...rest] = part.split('@')
      if (rest.length > 0 || (fromStep === undefined && index > 0))
        refuse(path, part, 'it must be a period and the step it begins at, like 1000@5001')
      return {
        fromStep: fromStep === undefined ? 1 : readNumber(fromStep, path),
        period: readNumber(period, path),
      }
    }),
  }
}
