/** The learning rate over the run. */
import { checkLearningRate, type LearningRateSpec } from '@laperm/core'
import { checkRecord, checkSetting, positive } from '@laperm/core/settings'
import { passed } from './checks.ts'
import { type Basis, earlier, type Field } from './field.ts'
import { readNumber } from './text.ts'

/** Section 3's learning rate for plain SGD; the recipes' are Adam's. */
const sgdLearningRate = 1e-1

const startOf = (schedule: LearningRateSpec): number =>
  schedule.kind === 'constant' ? schedule.value : schedule.initial

/** The same shape from another start. */
const startedAt = (schedule: LearningRateSpec, initial: number): LearningRateSpec =>
  schedule.kind === 'constant' ? { kind: 'constant', value: initial } : { ...schedule, initial }

const completeLearningRate = (setting: unknown, basis: Basis): unknown => {
  const { learningRate } = basis.network.recipe
  const isAdam = earlier(basis, 'innerOptimizer').kind === 'adam'
  const usual = isAdam ? learningRate : startedAt(learningRate, sgdLearningRate)
  const said = typeof setting === 'number' ? { initial: setting } : setting
  if (typeof said !== 'object' || said === null || 'kind' in said) return said
  const { initial, decay } = checkRecord('learningRate', said, ['kind', 'initial', 'decay'])
  const start =
    initial === undefined ? startOf(usual) : checkSetting('learningRate.initial', initial, positive)
  return decay === undefined
    ? startedAt(usual, start)
    : { kind: 'exponential', initial: start, decay, everyEpochs: 1 }
}

export const learningRateField: Field<LearningRateSpec> = {
  check: (value) => passed(checkLearningRate(value)),
  complete: completeLearningRate,
  initial: () => ({}),
  flags: [
    {
      name: 'learning-rate',
      value: '<x>',
      group: 'How to train',
      help: "where the recipe's schedule starts",
      path: 'learningRate.initial',
      read: readNumber,
    },
    {
      name: 'learning-rate-decay',
      value: '<x>',
      group: 'How to train',
      help: 'multiply the learning rate by this after every epoch',
      path: 'learningRate.decay',
      read: readNumber,
    },
  ],
}
