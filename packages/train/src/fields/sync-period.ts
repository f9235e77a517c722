/** The sync period k as text. Part of the field `outer`. */
import type { SyncPeriodSpec } from '@laperm/core'
import { refuse } from '@laperm/core/settings'
import { readNumber } from './text.ts'

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
