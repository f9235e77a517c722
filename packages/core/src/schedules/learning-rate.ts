/**
 * Learning-rate schedules as data, and the functions of the step that they mean. Any other function of the step is a `Schedule` as well.
 */

import { integerPower } from '../arithmetic/integer-power.ts'
import * as E from '../either.ts'
import { renderError } from '../errors/errors.ts'
import { checkInteger, checkKind, checkList, checkRecord, checkSetting } from '../settings/checks.ts'
import { type SettingError, settle } from '../settings/setting-problem.ts'
import { count, positive } from '../settings/setting-rule.ts'
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

/** @throws SettingProblem */
const read = (value: unknown, setting: string): LearningRateSpec => {
  const [kind, record] = checkKind<LearningRateSpec['kind']>(setting, value, {
    constant: ['value'],
    exponential: ['initial', 'decay', 'everyEpochs'],
    steps: ['initial', 'boundaries'],
  })
  const rate = (name: string): number => checkSetting(`${setting}.${name}`, record[name], positive)
  switch (kind) {
    case 'constant':
      return { kind, value: rate('value') }
    case 'exponential':
      return {
        kind,
        initial: rate('initial'),
        decay: rate('decay'),
        everyEpochs: checkSetting(`${setting}.everyEpochs`, record.everyEpochs ?? 1, count),
      }
    case 'steps': {
      let last = -1
      return {
        kind,
        initial: rate('initial'),
        boundaries: checkList(`${setting}.boundaries`, record.boundaries).map((item, i) => {
          const place = `${setting}.boundaries[${i}]`
          const { epoch, factor } = checkRecord(place, item, ['epoch', 'factor'])
          last = checkInteger(`${place}.epoch`, epoch, last + 1)
          return { epoch: last, factor: checkSetting(`${place}.factor`, factor, positive) }
        }),
      }
    }
    default:
      return kind satisfies never
  }
}

/**
 * Check a learning rate from outside: rates are positive, boundaries ascend.
 *
 * @param setting what it is called in errors.
 * @returns the spec with `everyEpochs` written out; `Left` naming the first setting against its rule.
 */
export const checkLearningRate = (
  value: unknown,
  setting = 'learningRate',
): E.Either<SettingError, LearningRateSpec> => settle(() => read(value, setting))

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
 * @throws RangeError when the spec breaks a rule (ask {@link checkLearningRate} first for settings from outside) or `stepsPerEpoch` is
 * not a positive integer.
 */
export const makeLearningRate = (spec: LearningRateSpec, stepsPerEpoch: number): Schedule => {
  const checked = checkLearningRate(spec)
  if (E.isLeft(checked)) throw new RangeError(renderError(checked.left))
  if (!(Number.isSafeInteger(stepsPerEpoch) && stepsPerEpoch >= 1))
    throw new RangeError(`stepsPerEpoch: must be an integer of at least 1, got ${stepsPerEpoch}`)
  return (step) => learningRateAt(spec, Math.floor((step - 1) / stepsPerEpoch))
}
