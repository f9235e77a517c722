/** On how many training examples accuracy is measured: the paper's figures take 30,000 (Figure 6). */
import { checkInteger, refuse } from '@laperm/core/settings'
import { earlier, type Field } from './field.ts'
import { readNumber } from './text.ts'

export const trainExamplesField: Field<number | null> = {
  check: (value, basis) => {
    if (value === null) return null
    const count = checkInteger('trainExamples', value, 1)
    const limit = earlier(basis, 'limit')
    return limit === null || count <= limit
      ? count
      : refuse('trainExamples', count, `only ${limit} training examples are used (limit); take at most these`)
  },
  initial: () => null,
  absent: null,
  flags: [
    {
      name: 'train-examples',
      value: '<n>',
      group: 'How to train',
      help: 'also measure accuracy on n random training examples, without dropout or augmentation',
      path: 'trainExamples',
      read: readNumber,
    },
  ],
}
