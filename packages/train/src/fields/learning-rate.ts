/** The learning rate over the run. */
import type { LearningRateSpec } from '@laperm/core'
import { checkInteger, checkKind, checkList, checkPositive, checkRecord } from './checks.ts'
import { type Basis, earlier, type Field } from './field.ts'
import { readNumber } from './text.ts'

/** What a person may say of the learning rate without a whole schedule. */
export interface LearningRateSettings {
  /** Where the recipe's schedule starts. */
  readonly initial?: number | undefined
  /** Multiply by this after every epoch instead of following the recipe's schedule. */
  readonly decay?: number | undefined
}

const checkLearningRate = (value: unknown): LearningRateSpec => {
  const [kind, record] = checkKind('learningRate', value, {
    constant: ['value'],
    exponential: ['initial', 'decay', 'everyEpochs'],
    steps: ['initial', 'boundaries'],
  })
  switch (kind) {
    case 'constant':
      return { kind, value: checkPositive('learningRate.value', record.value) }
    case 'exponential':
      return {
        kind,
        initial: checkPositive('learningRate.initial', record.initial),
        decay: checkPositive('learningRate.decay', record.decay),
        everyEpochs: checkInteger('learningRate.everyEpochs', record.everyEpochs ?? 1, 1),
      }
    case 'steps': {
      let last = -1
      return {
        kind,
        initial: checkPositive('learningRate.initial', record.initial),
        boundaries: checkList('learningRate.boundaries', record.boundaries).map((item) => {
          const boundary = checkRecord('learningRate.boundaries', item, ['epoch', 'factor'])
          last = checkInteger('learningRate.boundaries.epoch', boundary.epoch, last + 1)
          return { epoch: last, factor: checkPositive('learningRate.boundaries.factor', boundary.factor) }
        }),
      }
    }
    default:
      return kind satisfies never
  }
}

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
  const start = initial === undefined ? startOf(usual) : checkPositive('learningRate.initial', initial)
  return decay === undefined
    ? startedAt(usual, start)
    : { kind: 'exponential', initial: start, decay, everyEpochs: 1 }
}

export const learningRateField: Field<LearningRateSpec> = {
  check: checkLearningRate,
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
