/** The optimizer that trains between two synchronizations. */
import {
  adamSpec,
  type InnerOptimizerSpec,
  innerOptimizerSettings,
  innerOptimizers,
  parseInnerOptimizer,
} from '@laperm/core'
import { either as E } from 'fp-ts'
import { checkKind, checkName, refuse } from './checks.ts'
import type { Field } from './field.ts'

const checkInnerOptimizer = (value: unknown): InnerOptimizerSpec => {
  const [kind, record] = checkKind<InnerOptimizerSpec['kind']>(
    'innerOptimizer',
    value,
    innerOptimizerSettings,
  )
  const parsed = parseInnerOptimizer(kind, record)
  return E.isRight(parsed)
    ? parsed.right
    : refuse(`innerOptimizer.${parsed.left.setting}`, record[parsed.left.setting], parsed.left.rule)
}

const names = Object.keys(innerOptimizers) as readonly (keyof typeof innerOptimizers)[]

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
      read: (text) => innerOptimizers[checkName('inner optimizer', text, names)],
    },
  ],
}
