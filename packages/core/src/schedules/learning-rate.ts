/**
 * Learning-rate schedules as data, and the functions of the step that they mean. Any other function of the step is a `Schedule` as well.
 */
import { either as E } from 'fp-ts'
import { integerPower } from '../arithmetic/integer-power.ts'
import { type InvalidSetting, invalidSetting, renderError } from '../errors/errors.ts'
import type { Schedule } from './schedule.ts'

/**
 * A learning rate over a run. Epochs count from 0.
 *
 * - `constant`: `value`.
 * - `exponential`: `initial * decay^floor(epoch / everyEpochs)`; `everyEpochs` is 1 where left out. (The paper: 0.95 each epoch for Conv7,
 *   0.6 every 10 epochs for Conv2, Conv4 and Conv13.)
 * - `steps`: `initial * factor` of the last boundary with `boundary.epoch <= epoch`; `initial` before the first. Factors are of `initial`,
 *   they do not accumulate.
 */
export type LearningRateSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'exponential'
      readonly initial: number
      readonly decay: number
      readonly everyEpochs?: number
    }
  | {
      readonly kind: 'steps'
      readonly initial: number
      readonly boundaries: readonly { readonly epoch: number; readonly factor: number }[]
    }

const isPositive = (value: number): boolean => value > 0 && value < Number.POSITIVE_INFINITY

const problemOf = (spec: LearningRateSpec): InvalidSetting | undefined => {
  const positive = 'it must be a finite number greater than 0'
  switch (spec.kind) {
    case 'constant':
      return isPositive(spec.value) ? undefined : invalidSetting('learning rate', spec.value, positive)
    case 'exponential': {
      const every = spec.everyEpochs ?? 1
      if (!isPositive(spec.initial)) return invalidSetting('learning rate', spec.initial, positive)
      if (!isPositive(spec.decay)) return invalidSetting('learning-rate decay', spec.decay, positive)
      return Number.isSafeInteger(every) && every >= 1
        ? undefined
        : invalidSetting('learning-rate everyEpochs', every, 'it must be an integer of at least 1')
    }
    case 'steps': {
      if (!isPositive(spec.initial)) return invalidSetting('learning rate', spec.initial, positive)
      for (const [i, { epoch, factor }] of spec.boundaries.entries()) {
        if (!isPositive(factor)) return invalidSetting(`learning-rate factor ${i + 1}`, factor, positive)
        const previous = i === 0 ? -1 : spec.boundaries[i - 1].epoch
        if (!(Number.isSafeInteger(epoch) && epoch > previous))
          return invalidSetting(
            `learning-rate boundary ${i + 1}`,
            epoch,
            'boundaries must be epochs (integers from 0) in ascending order',
          )
      }
      return undefined
    }
    default:
      return spec satisfies never
  }
}

/** Check a learning rate from outside: `Left(InvalidSetting)` names the first setting against its rule. */
export const validateLearningRate = (spec: LearningRateSpec): E.Either<InvalidSetting, LearningRateSpec> => {
  const problem = problemOf(spec)
  return problem === undefined ? E.right(spec) : E.left(problem)
}

/** The learning rate of an epoch (counted from 0) of a checked spec. */
const learningRateAt = (spec: LearningRateSpec, epoch: number): number => {
  switch (spec.kind) {
    case 'constant':
      return spec.value
    case 'exponential':
      return spec.initial * integerPower(spec.decay, Math.floor(epoch / (spec.everyEpochs ?? 1)))
    case 'steps': {
      const reached = spec.boundaries.filter((boundary) => boundary.epoch <= epoch)
      return spec.initial * (reached.length === 0 ? 1 : reached[reached.length - 1].factor)
    }
    default:
      return spec satisfies never
  }
}

/**
 * The schedule that a spec means: a function of the step, counted from 1, with epoch `floor((step - 1) / stepsPerEpoch)`.
 *
 * @param stepsPerEpoch positive integer.
 * @throws RangeError when the spec breaks a rule (ask {@link validateLearningRate} first for settings from outside) or `stepsPerEpoch` is
 * not a positive integer.
 */
export const makeLearningRate = (spec: LearningRateSpec, stepsPerEpoch: number): Schedule => {
  const problem = problemOf(spec)
  if (problem !== undefined) throw new RangeError(renderError(problem))
  if (!(Number.isSafeInteger(stepsPerEpoch) && stepsPerEpoch >= 1))
    throw new RangeError(`stepsPerEpoch: must be an integer of at least 1, got ${stepsPerEpoch}`)
  return (step) => learningRateAt(spec, Math.floor((step - 1) / stepsPerEpoch))
}
