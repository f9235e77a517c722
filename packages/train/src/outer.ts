/** What happens to the weights every k inner steps: nothing, LaPerm's permutation, or Lookahead's step of the slow weights. */
import type { ParameterRole, SyncPeriodSpec } from '@laperm/core'
import { checkFraction, checkList, checkName, checkRecord, refuse } from './setting-checks.ts'
import { checkSyncPeriod } from './spec-checks.ts'

/** Roles that can be permuted: those of trainable parameters. */
export const permutableRoles = ['kernel', 'bias', 'gamma', 'beta'] as const satisfies readonly ParameterRole[]

/**
 * The outer update.
 *
 * - `none`: the inner optimizer alone.
 * - `permute`: LaPerm. Every `syncPeriod` steps each weight vector of the parameters with one of `roles` becomes its initial weights, in the
 *   order of the present ones; every other trainable parameter is left to the inner optimizer.
 * - `lookahead`: every `syncPeriod` steps `slow += slowStepSize * (fast - slow)`, `fast = slow`; `slowStepSize` (alpha) is in (0, 1].
 *
 * @see arXiv:2003.02570 Algorithm 1; Zhang et al. 2019, arXiv:1907.08610
 */
export type OuterSpec =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'permute'
      readonly syncPeriod: SyncPeriodSpec
      readonly roles: readonly ParameterRole[]
    }
  | { readonly kind: 'lookahead'; readonly syncPeriod: SyncPeriodSpec; readonly slowStepSize: number }

const fieldsOfKinds = {
  none: [],
  permute: ['syncPeriod', 'roles'],
  lookahead: ['syncPeriod', 'slowStepSize'],
} as const satisfies Readonly<Record<OuterSpec['kind'], readonly string[]>>

/** Every kind of outer update. */
export const outerKinds = Object.keys(fieldsOfKinds) as readonly OuterSpec['kind'][]

/** What each kind is called on the command line. */
const kindTitles: Readonly<Record<OuterSpec['kind'], string>> = {
  none: "an inner optimizer alone ('adam', 'sgd')",
  permute: "'laperm'",
  lookahead: "'lookahead'",
}

const checkSlowStepSize = (value: unknown): number =>
  value === 1
    ? 1
    : checkFraction('outer.slowStepSize', value) ||
      refuse('outer.slowStepSize', value, 'it must be above 0 and at most 1')

/** Check an outer update; a field that its kind does not have is refused. @throws SettingProblem */
export const checkOuter = (value: unknown): OuterSpec => {
  const record = checkRecord('outer', value, ['kind', 'syncPeriod', 'roles', 'slowStepSize'])
  const kind = checkName('kind of outer update', record.kind, outerKinds)
  const allowed: readonly string[] = fieldsOfKinds[kind]
  for (const [field, given] of Object.entries(record))
    if (field !== 'kind' && !allowed.includes(field))
      refuse(`outer.${field}`, given, `${kindTitles[kind]} takes none`)
  switch (kind) {
    case 'none':
      return { kind }
    case 'permute':
      return {
        kind,
        syncPeriod: checkSyncPeriod(record.syncPeriod),
        roles: checkList('outer.roles', record.roles).map((role) => checkName('role', role, permutableRoles)),
      }
    case 'lookahead':
      return {
        kind,
        syncPeriod: checkSyncPeriod(record.syncPeriod),
        slowStepSize: checkSlowStepSize(record.slowStepSize),
      }
    default:
      return kind satisfies never
  }
}
