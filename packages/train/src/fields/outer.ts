/** What happens to the weights every k inner steps: nothing, LaPerm's permutation, or Lookahead's step of the slow weights. */
import { checkSyncPeriod, type ParameterRole, slowStepSizeRule } from '@laperm/core'
import { checkList, checkName, checkRecord, checkSetting, refuse } from '@laperm/core/settings'
import type { Network } from '../network.ts'
import type { OuterSpec } from '../outer-spec.ts'
import { passed } from './checks.ts'
import type { Basis, Field } from './field.ts'
import { optimizerNames } from './optimizer-name.ts'
import { readSyncPeriod } from './sync-period.ts'
import { readList, readNumber, readText } from './text.ts'

/** Roles that can be permuted: those of trainable parameters. */
export const permutableRoles = ['kernel', 'bias', 'gamma', 'beta'] as const satisfies readonly ParameterRole[]

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

/** The roles of the network's trainable parameters. */
const rolesOf = ({ inferred }: Network): readonly ParameterRole[] =>
  permutableRoles.filter((role) => inferred.parameters.some((parameter) => parameter.role === role))

/** A role that no parameter has is refused: with none that any has, nothing would be permuted and everything trained freely. */
const checkRoles = (value: unknown, { network }: Basis): readonly ParameterRole[] => {
  const roles = checkList('outer.roles', value).map((role) => checkName('role', role, permutableRoles))
  const present = rolesOf(network)
  if (roles.length === 0 || roles.some((role) => !present.includes(role)))
    refuse(
      'outer.roles',
      roles.join(),
      `it must name roles that parameters of ${network.model.name} have: ${present.join(', ')}`,
    )
  return [...new Set(roles)]
}

const settingNames = ['kind', 'syncPeriod', 'roles', 'slowStepSize'] as const

/** A field that the kind does not have is refused. */
const checkOuter = (value: unknown, basis: Basis): OuterSpec => {
  const record = checkRecord('outer', value, settingNames)
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
        syncPeriod: passed(checkSyncPeriod(record.syncPeriod, 'outer.syncPeriod')),
        roles: checkRoles(record.roles, basis),
      }
    case 'lookahead':
      return {
        kind,
        syncPeriod: passed(checkSyncPeriod(record.syncPeriod, 'outer.syncPeriod')),
        slowStepSize: checkSetting('outer.slowStepSize', record.slowStepSize, slowStepSizeRule),
      }
    default:
      return kind satisfies never
  }
}

/** Lookahead's defaults: k = 5, alpha = 0.5. @see Zhang et al. 2019, arXiv:1907.08610 Section 5 */
const lookahead = { syncPeriod: { kind: 'constant', period: 5 }, slowStepSize: 0.5 } as const

/** The parts of each kind that nobody set. */
const usual = ({ network }: Basis) => ({
  none: {},
  permute: {
    syncPeriod: { kind: 'constant', period: network.recipe.syncPeriod },
    roles: rolesOf(network).filter((role) => network.model.permutedRoles.includes(role)),
  },
  lookahead,
})

const completeOuter = (setting: unknown, basis: Basis): unknown => {
  const given = Object.fromEntries(
    Object.entries(checkRecord('outer', setting, settingNames)).filter(([, value]) => value !== undefined),
  )
  const kind = checkName('kind of outer update', given.kind ?? 'permute', outerKinds)
  const syncPeriod =
    typeof given.syncPeriod === 'number' ? { syncPeriod: { kind: 'constant', period: given.syncPeriod } } : {}
  return { kind, ...usual(basis)[kind], ...given, ...syncPeriod }
}

export const outerField: Field<OuterSpec> = {
  check: checkOuter,
  complete: completeOuter,
  initial: () => ({}),
  flags: [
    {
      name: 'optimizer',
      value: '<name>',
      group: 'How to train',
      help: `${optimizerNames.join(', ')} (default: laperm)`,
      path: 'optimizer',
      read: readText,
    },
    {
      name: 'sync-period',
      value: '<k>',
      group: 'How to train',
      help: 'inner steps between synchronizations; or 20,1000@5001',
      path: 'outer.syncPeriod',
      read: readSyncPeriod,
    },
    {
      name: 'slow-step-size',
      value: '<a>',
      group: 'How to train',
      help: "Lookahead's alpha (default: 0.5)",
      path: 'outer.slowStepSize',
      read: readNumber,
    },
    {
      name: 'permute',
      value: '<roles>',
      group: 'How to train',
      help: `what is permuted: ${permutableRoles.join(', ')}`,
      path: 'outer.roles',
      read: readList,
    },
  ],
}
