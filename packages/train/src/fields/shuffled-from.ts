/** The run whose best weights, shuffled within each weight vector, are theta_0: the paper's N_S (Section 5.1). */
import { refuse } from '@laperm/core/settings'
import { earlier, type Field } from './field.ts'
import { readText } from './text.ts'

const identity = /^[0-9a-f]{64}$/

export const shuffledFromField: Field<string | null> = {
  check: (value, basis) => {
    if (value === null) return null
    if (typeof value !== 'string' || !identity.test(value))
      return refuse(
        'shuffledFrom',
        value,
        'it must be the identity of a run, 64 hexadecimal digits, as its config.json has it',
      )
    const sparsity = earlier(basis, 'sparsity')
    return sparsity.kind === 'magnitude' && sparsity.of !== value
      ? refuse('shuffledFrom', value, `it must be the run by whose weights is pruned, ${sparsity.of}`)
      : value
  },
  initial: () => null,
  absent: null,
  flags: [
    {
      name: 'shuffled-from',
      value: '<identity>',
      group: 'How to train',
      help: "start from a finished run's best weights, shuffled within each vector (N_S); the run lies beside this one",
      path: 'shuffledFrom',
      read: readText,
    },
  ],
}
