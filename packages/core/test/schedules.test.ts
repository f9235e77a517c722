import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { integerPower } from '../src/arithmetic/integer-power.ts'
import { renderError } from '../src/errors/errors.ts'
import { checkLearningRate, type LearningRateSpec, makeLearningRate } from '../src/schedules/learning-rate.ts'
import {
  isSyncStep,
  makeSyncPeriod,
  type SyncPeriodSpec,
  toSyncPeriodSchedule,
} from '../src/schedules/sync-period.ts'

describe('makeLearningRate', () => {
  test('an exponential rate falls once an epoch', () => {
    const rate = makeLearningRate({ kind: 'exponential', initial: 1e-3, decay: 0.95 }, 1200)
    expect([1, 1200, 1201, 2400, 2401].map(rate)).toEqual([
      1e-3,
      1e-3,
      1e-3 * 0.95,
      1e-3 * 0.95,
      1e-3 * (0.95 * 0.95),
    ])
    expect(rate(1200 * 44 + 1) / (1e-3 * 0.95 ** 44)).toBeCloseTo(1, 12)
  })

  test('or once in several epochs: 0.6 every 10 for Conv2, Conv4 and Conv13', () => {
    const rate = makeLearningRate({ kind: 'exponential', initial: 1e-3, decay: 0.6, everyEpochs: 10 }, 2)
    expect([1, 20, 21, 40, 41].map(rate)).toEqual([1e-3, 1e-3, 6e-4, 6e-4, 1e-3 * (0.6 * 0.6)])
  })

  test('steps are factors of the initial rate from their epoch on', () => {
    const rate = makeLearningRate(
      {
        kind: 'steps',
        initial: 0.5,
        boundaries: [
          { epoch: 1, factor: 0.5 },
          { epoch: 3, factor: 0.25 },
        ],
      },
      10,
    )
    expect([1, 10, 11, 30, 31, 1000].map(rate)).toEqual([0.5, 0.5, 0.25, 0.25, 0.125, 0.125])
  })

  test('a constant is constant', () => {
    expect([1, 1e9].map(makeLearningRate({ kind: 'constant', value: 0.1 }, 1))).toEqual([0.1, 0.1])
  })

  test.each<[LearningRateSpec, RegExp]>([
    [{ kind: 'constant', value: 0 }, /^learningRate.value is 0, but it must be a finite number above 0/],
    [{ kind: 'constant', value: Number.NaN }, /^learningRate.value is NaN/],
    [{ kind: 'exponential', initial: -1, decay: 0.9 }, /^learningRate.initial is -1/],
    [{ kind: 'exponential', initial: 1, decay: 0 }, /^learningRate.decay is 0/],
    [
      { kind: 'exponential', initial: 1, decay: 0.5, everyEpochs: 0.5 },
      /^learningRate.everyEpochs is 0.5, but it must be an integer of at least 1/,
    ],
    [
      { kind: 'steps', initial: 1, boundaries: [{ epoch: 1, factor: 0 }] },
      /^learningRate.boundaries\[0\].factor is 0/,
    ],
    [
      {
        kind: 'steps',
        initial: 1,
        boundaries: [
          { epoch: 2, factor: 0.5 },
          { epoch: 2, factor: 0.1 },
        ],
      },
      /^learningRate.boundaries\[1\].epoch is 2, but it must be an integer of at least 3/,
    ],
  ])('refuses %j', (spec, message) => {
    const validated = checkLearningRate(spec)
    expect(E.isLeft(validated) && renderError(validated.left)).toMatch(message)
    expect(() => makeLearningRate(spec, 1)).toThrow(RangeError)
  })

  test('refuses epochs without steps', () => {
    expect(() => makeLearningRate({ kind: 'constant', value: 1 }, 0)).toThrow(/stepsPerEpoch/)
  })
})

describe('integerPower', () => {
  test('equals the power to 1e-12 for every exponent of a long run', () => {
    for (const base of [0.9, 0.95, 0.999])
      for (const exponent of [0, 1, 2, 3, 10, 31, 1000, 20_000])
        expect(Math.abs(integerPower(base, exponent) - base ** exponent)).toBeLessThanOrEqual(
          1e-12 * base ** exponent + Number.MIN_VALUE,
        )
  })
})

/** The steps, from 1, at which a schedule synchronizes. */
const syncSteps = (periodAt: (step: number) => number, steps: number): number[] => {
  const synced: number[] = []
  let stepsSinceSync = 0
  for (let step = 1; step <= steps; step++) {
    stepsSinceSync++
    if (isSyncStep(stepsSinceSync, periodAt(step))) {
      synced.push(step)
      stepsSinceSync = 0
    }
  }
  return synced
}

const periodOf = (spec: SyncPeriodSpec): ((step: number) => number) => {
  const made = makeSyncPeriod(spec)
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  return made.right
}

describe('the sync period', () => {
  test('a constant period k synchronizes exactly at the steps that k divides', () => {
    for (const period of [1, 2, 3, 20, 999, 1000, 1001])
      expect(syncSteps(periodOf({ kind: 'constant', period }), 2000)).toEqual(
        Array.from({ length: Math.floor(2000 / period) }, (_, i) => (i + 1) * period),
      )
  })

  test('a period that grows counts from the last synchronization', () => {
    const periodAt = periodOf({
      kind: 'steps',
      periods: [
        { fromStep: 1, period: 3 },
        { fromStep: 8, period: 5 },
      ],
    })
    // 3, 6, then from 8 on five steps after the last one.
    expect(syncSteps(periodAt, 20)).toEqual([3, 6, 11, 16])
  })

  test('a period that shrinks below what has passed synchronizes at once', () => {
    const periodAt = periodOf({
      kind: 'steps',
      periods: [
        { fromStep: 1, period: 100 },
        { fromStep: 7, period: 2 },
      ],
    })
    expect(syncSteps(periodAt, 11)).toEqual([7, 9, 11])
  })

  test('may be any function of the step, checked when it is asked', () => {
    const periodAt = toSyncPeriodSchedule((step) => (step < 5 ? 1 : 2.5))
    expect(periodAt(4)).toBe(1)
    expect(() => periodAt(5)).toThrow('syncPeriod: must be an integer of at least 1, got 2.5 at step 5')
  })

  test.each<[SyncPeriodSpec, RegExp]>([
    [{ kind: 'constant', period: 0 }, /^syncPeriod.period is 0, but it must be an integer of at least 1/],
    [{ kind: 'constant', period: 1.5 }, /^syncPeriod.period is 1.5/],
    [{ kind: 'steps', periods: [] }, /^syncPeriod.periods is \[\], but it must name at least one period/],
    [{ kind: 'steps', periods: [{ fromStep: 2, period: 1 }] }, /the first period must hold from step 1/],
    [{ kind: 'steps', periods: [{ fromStep: 1, period: -1 }] }, /^syncPeriod.periods\[0\].period is -1/],
    [
      {
        kind: 'steps',
        periods: [
          { fromStep: 1, period: 1 },
          { fromStep: 1, period: 2 },
        ],
      },
      /^syncPeriod.periods\[1\].fromStep is 1, but it must be an integer of at least 2/,
    ],
  ])('refuses %j', (spec, message) => {
    const made = makeSyncPeriod(spec)
    expect(E.isLeft(made) && renderError(made.left)).toMatch(message)
    expect(() => toSyncPeriodSchedule(spec)).toThrow(message)
  })
})
