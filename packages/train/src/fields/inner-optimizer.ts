/** The optimizer that trains between two synchronizations. */
import { adamSpec, type InnerOptimizerSpec, momentumSpec, sgdSpec } from '@laperm/core'
import { checkBoolean, checkFraction, checkKind, checkName, checkPositive } from './checks.ts'
import type { Field } from './field.ts'

const checkInnerOptimizer = (value: unknown): InnerOptimizerSpec => {
  const [kind, record] = checkKind('innerOptimizer', value, {
    sgd: [],
    momentum: ['momentum', 'nesterov'],
    adam: ['beta1', 'beta2', 'epsilon', 'epsilonPlacement'],
  })
  switch (kind) {
    case 'sgd':
      return { kind }
    case 'momentum':
      return {
        kind,
        momentum: checkFraction('innerOptimizer.momentum', record.momentum),
        nesterov: checkBoolean('innerOptimizer.nesterov', record.nesterov),
      }
    case 'adam':
      return {
        kind,
        beta1: checkFraction('innerOptimizer.beta1', record.beta1),
        beta2: checkFraction('innerOptimizer.beta2', record.beta2),
        epsilon: checkPositive('innerOptimizer.epsilon', record.epsilon),
        epsilonPlacement: checkName('placement of epsilon', record.epsilonPlacement, ['keras', 'tfjs']),
      }
    default:
      return kind satisfies never
  }
}

const named = {
  adam: adamSpec,
  sgd: sgdSpec,
  momentum: momentumSpec,
  nesterov: { ...momentumSpec, nesterov: true },
} as const satisfies Readonly<Record<string, InnerOptimizerSpec>>

const names = Object.keys(named) as readonly (keyof typeof named)[]

export const innerOptimizerField: Field<InnerOptimizerSpec> = {
  check: checkInnerOptimizer,
  initial: () => adamSpec,
  flags: [
    {
      name: 'inner-optimizer',
      value: '<name>',
      group: 'How to train',
      help: names.join(', '),
      path: 'innerOptimizer',
      read: (text) => named[checkName('inner optimizer', text, names)],
    },
  ],
}
