import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { renderError } from '../src/errors/errors.ts'
import {
  adamSpec,
  checkInitializer,
  checkInnerOptimizer,
  checkLearningRate,
  checkSparsity,
  checkSyncPeriod,
  initializeParams,
  initializerRules,
  momentumSpec,
  sgdSpec,
} from '../src/index.ts'
import type { SettingError } from '../src/settings/index.ts'

const ofThreeKernels = (value: unknown) => checkSparsity(value, 3)

const refusal = (checked: E.Either<SettingError, unknown>): string =>
  E.isLeft(checked) ? renderError(checked.left) : 'accepted'

describe('specs from outside', () => {
  test.each([
    [checkInitializer, { kind: 'heUniform' }],
    [checkInitializer, { kind: 'sharedValue', value: 0.03 }],
    [checkInnerOptimizer, adamSpec],
    [checkInnerOptimizer, momentumSpec],
    [checkInnerOptimizer, sgdSpec],
    [checkLearningRate, { kind: 'constant', value: 0.1 }],
    [checkLearningRate, { kind: 'exponential', initial: 1, decay: 0.9, everyEpochs: 2 }],
    [checkLearningRate, { kind: 'steps', initial: 1, boundaries: [{ epoch: 0, factor: 2 }] }],
    [checkSyncPeriod, { kind: 'constant', period: 20 }],
    [checkSyncPeriod, { kind: 'steps', periods: [{ fromStep: 1, period: 3 }] }],
    [ofThreeKernels, { kind: 'none' }],
    [ofThreeKernels, { kind: 'uniform', fraction: 0 }],
    [ofThreeKernels, { kind: 'perKernel', fractions: [0, 0.5, 14 / 15] }],
  ])('%p takes %j', (check: (value: unknown) => E.Either<SettingError, unknown>, spec) => {
    expect(check(spec)).toEqual(E.right(spec))
  })

  test.each<[(value: unknown) => E.Either<SettingError, unknown>, unknown, string]>([
    [checkInitializer, null, 'initializer is null, but it must be a record.'],
    [checkInitializer, 'zeros', "initializer is 'zeros', but it must be a record."],
    [checkInitializer, [], 'initializer is [], but it must be a record.'],
    [checkInitializer, {}, "There is no kind of initializer called 'undefined'"],
    [
      checkInitializer,
      { kind: 'heUnifrom' },
      "There is no kind of initializer called 'heUnifrom'. Known: heUniform,",
    ],
    [checkInitializer, { kind: 'toString' }, "There is no kind of initializer called 'toString'"],
    [
      checkInitializer,
      { kind: 'zeros', value: 1 },
      "There is no setting in initializer zeros called 'value'. Known: kind.",
    ],
    [
      checkInitializer,
      { kind: 'sharedValue' },
      'initializer.value is not given, but it must be a number other than 0',
    ],
    [
      checkInitializer,
      { kind: 'sharedValue', value: '1' },
      "initializer.value is '1', but it must be a number other than 0",
    ],
    [checkInitializer, { kind: 'sharedValue', value: 1e-46 }, 'initializer.value is 1e-46, but'],
    [checkInitializer, { kind: 'sharedValue', value: 1e39 }, 'initializer.value is 1e+39, but'],
    [
      checkInnerOptimizer,
      { ...adamSpec, beta1: true },
      'innerOptimizer.beta1 is true, but it must be a number of at least 0 and below 1',
    ],
    [
      checkInnerOptimizer,
      { ...adamSpec, epsilonPlacement: 'x' },
      "innerOptimizer.epsilonPlacement is 'x', but it must be keras or tfjs",
    ],
    [
      checkInnerOptimizer,
      { ...momentumSpec, nesterov: 1 },
      'innerOptimizer.nesterov is 1, but it must be true or false',
    ],
    [
      checkLearningRate,
      { kind: 'steps', initial: 1, boundaries: 3 },
      'learningRate.boundaries is 3, but it must be a list',
    ],
    [
      checkLearningRate,
      { kind: 'steps', initial: 1, boundaries: [{ epoch: 0, factor: 1, at: 2 }] },
      "no setting in learningRate.boundaries[0] called 'at'",
    ],
    [checkSyncPeriod, { kind: 'steps', periods: [7] }, 'syncPeriod.periods[0] is 7, but it must be a record'],
    [
      ofThreeKernels,
      { kind: 'perKernel', fractions: [0, 0] },
      'sparsity is [0,0], but the model has 3 kernels',
    ],
  ])('%p refuses %j', (check, value, message) => {
    expect(refusal(check(value))).toContain(message)
  })

  test('an error calls a setting what the caller calls it', () => {
    expect(refusal(checkSyncPeriod({ kind: 'constant', period: 0 }, 'outer.syncPeriod'))).toMatch(
      /^outer\.syncPeriod\.period is 0/,
    )
  })
})

test('weights are not drawn by an initializer that breaks its rule', () => {
  const spec = { name: 'a/kernel', shape: [2, 2], role: 'kernel' as const, fanIn: 2, fanOut: 2 }
  expect(() =>
    initializeParams([{ ...spec, initializer: { kind: 'sharedValue', value: Number.NaN } }], 1),
  ).toThrow('a/kernel.initializer.value is NaN')
  for (const kind of Object.keys(initializerRules) as (keyof typeof initializerRules)[])
    if (kind !== 'sharedValue')
      expect(initializeParams([{ ...spec, initializer: { kind } }], 1)).toHaveLength(1)
})
