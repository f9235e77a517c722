/** Whether pruned weights stay zero while an inner optimizer trains the others: the paper's "Adam; 50% Weights remain" (Figure 6 e). */
import { checkSetting, refuse, truth } from '@laperm/core/settings'
import { earlier, type Field } from './field.ts'
import { readText } from './text.ts'

export const frozenZerosField: Field<boolean> = {
  check: (value, basis) => {
    const frozen = checkSetting('frozenZeros', value, truth)
    if (!frozen) return frozen
    if (earlier(basis, 'outer').kind !== 'none')
      refuse(
        'frozenZeros',
        frozen,
        "it must be false unless an inner optimizer trains alone ('adam', 'sgd'): an outer update moves zeros or averages over them",
      )
    if (earlier(basis, 'sparsity').kind === 'none')
      refuse('frozenZeros', frozen, 'it must be false where nothing is pruned; say how much is, as sparsity')
    return frozen
  },
  initial: () => false,
  absent: false,
  flags: [
    {
      name: 'freeze-zeros',
      group: 'How to train',
      help: "pruned weights stay zero while 'adam' or 'sgd' trains the others",
      path: 'frozenZeros',
      read: readText,
      bare: true,
    },
  ],
}
