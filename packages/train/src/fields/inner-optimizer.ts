/** The optimizer that trains between two synchronizations. */
import { adamSpec, checkInnerOptimizer, type InnerOptimizerSpec, innerOptimizers } from '@laperm/core'
import { checkName } from '@laperm/core/settings'
import { passed } from './checks.ts'
import type { Field } from './field.ts'

const names = Object.keys(innerOptimizers) as readonly (keyof typeof innerOptimizers)[]

export const innerOptimizerField: Field<InnerOptimizerSpec> = {
  check: (value) => passed(checkInnerOptimizer(value)),
  initial: () => adamSpec,
  flags: [
    {
      name: 'inner-optimizer',
      value: '<name>',
      group: 'How to train',
      help: names.join(', '),
      path: 'innerOptimizer',
      read: (text) => innerOptimizers[checkName('inner optimizer', text, names)],
    },
  ],
}
