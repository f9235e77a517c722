import { adamSpec } from '@laperm/core'
import { recipes } from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type Experiment,
  type ExperimentSettings,
  experimentFlags,
  type FlagText,
  flagOfSetting,
  renderTrainError,
  resolveExperiment,
  settingsFromFlags,
} from '../src/index.ts'

const resolved = (model: string, texts: Readonly<Record<string, FlagText>>) =>
  E.flatMap((settings: Omit<ExperimentSettings, 'model'>) => resolveExperiment({ ...settings, model }))(
    settingsFromFlags(texts),
  )

const experiment = (model: string, texts: Readonly<Record<string, FlagText>>): Experiment => {
  const made = resolved(model, texts)
  if (E.isLeft(made)) throw new Error(renderTrainError(made.left))
  return made.right
}

const refused = (texts: Readonly<Record<string, FlagText>>, model = 'f2'): string => {
  const made = resolved(model, texts)
  if (E.isRight(made)) throw new Error('expected a refusal')
  return renderTrainError(made.left)
}

describe('the text of a flag', () => {
  test('of a sync period is a number, or numbers that hold from a step on', () => {
    expect(experiment('f2', { 'sync-period': '250' }).outer).toMatchObject({
      syncPeriod: { kind: 'constant', period: 250 },
    })
    expect(experiment('f2', { 'sync-period': '20,1000@5001' }).outer).toMatchObject({
      syncPeriod: {
        kind: 'steps',
        periods: [
          { fromStep: 1, period: 20 },
          { fromStep: 5001, period: 1000 },
        ],
      },
    })
    expect(refused({ 'sync-period': '20,1000' })).toMatch(/must be a period and the step it begins at/)
  })

  test('of a sparsity is a number, or a list with fractions', () => {
    expect(experiment('f2', { sparsity: '14/15,6/7,2/3' }).sparsity).toEqual({
      kind: 'perKernel',
      fractions: [14 / 15, 6 / 7, 2 / 3],
    })
    expect(refused({ sparsity: '1/2/3' })).toMatch(/a number or a fraction like 14\/15/)
    expect(refused({ sparsity: '0.5,,0.5' })).toMatch(/sparsity is '', but it must be a number/)
  })

  test('of initializers, inner optimizers and augmentation is a name', () => {
    expect(experiment('f2', { init: 'glorot-normal' }).initializer).toEqual({ kind: 'glorotNormal' })
    expect(experiment('f2', { init: 'shared:0.03' }).initializer).toEqual({
      kind: 'sharedValue',
      value: 0.03,
    })
    expect(experiment('f2', { 'inner-optimizer': 'adam' }).innerOptimizer).toEqual(adamSpec)
    expect(experiment('f2', { 'inner-optimizer': 'nesterov' }).innerOptimizer).toEqual({
      kind: 'momentum',
      momentum: 0.9,
      nesterov: true,
    })
    expect(experiment('f2', { augment: 'rotation=10,flip' }).augmentation).toEqual({
      rotationDegrees: 10,
      shiftFraction: 0,
      zoom: 0,
      horizontalFlip: true,
    })
  })

  // Each would be taken for something else by a reader that looks names up in an object, or takes the last of two.
  test.each([
    ['init', 'constructor', /no initializer called 'constructor'/],
    ['inner-optimizer', 'toString', /no inner optimizer called 'toString'/],
    ['init', 'shared:1e-50', /initializer.value is 1e-50, but it must be a number other than 0 as a 32-bit/],
    ['init', 'shared:1e300', /initializer.value is 1e\+300/],
    ['augment', 'rotation', /rotation.*flip takes no value, the others need one/],
    ['augment', 'flip=no', /flip takes no value/],
    [
      'augment',
      'shift=1',
      /augmentation.shiftFraction is 1, but it must be a number of at least 0 and below 1/,
    ],
    ['augment', 'zoom=0.1,zoom=0.2', /must say 'zoom' once/],
    ['seed', '', /seed is '', but it must be a number in decimal notation/],
    ['seed', ' ', /seed is ' '/],
    ['seed', '0x10', /seed is '0x10'/],
    ['seed', '1,5', /seed is '1,5'/],
    ['epochs', '12345678901234567890', /epochs is 12345678901234567000, but .* at most 1000000000/],
    ['learning-rate', '-1', /^learningRate.initial is -1/],
    ['learning-rate-decay', '-1', /^learningRate.decay is -1/],
    ['permute', 'gamma', /outer.roles is 'gamma', but it must name roles that parameters of f2 have: kernel/],
  ])('--%s %s is refused', (flag, text, message) => {
    expect(refused({ [flag]: text })).toMatch(message)
  })
})

describe('an experiment from flags', () => {
  test('is the recipe where no flag speaks', () => {
    const { syncPeriod, source: _, ...recipe } = recipes.conv4
    expect(experiment('conv4', {})).toMatchObject({
      ...recipe,
      outer: { kind: 'permute', syncPeriod: { kind: 'constant', period: syncPeriod }, roles: ['kernel'] },
    })
  })

  test('keeps the shape of the learning rate when only its start is set', () => {
    expect(experiment('conv7', { 'learning-rate': '0.01' }).learningRate).toEqual({
      kind: 'exponential',
      initial: 0.01,
      decay: 0.95,
      everyEpochs: 1,
    })
    expect(experiment('resnet50', { 'learning-rate-decay': '0.9' }).learningRate).toEqual({
      kind: 'exponential',
      initial: 1e-3,
      decay: 0.9,
      everyEpochs: 1,
    })
    expect(
      experiment('resnet50', { 'learning-rate-decay': '0.9', 'learning-rate': '0.5' }).learningRate,
    ).toMatchObject({ initial: 0.5, decay: 0.9 })
  })

  test('a single sparsity spares the first kernel of drawn weights, and no kernel of one shared value', () => {
    expect(experiment('mlp', { sparsity: '0.5' }).sparsity).toEqual({ kind: 'uniform', fraction: 0.5 })
    expect(experiment('f1', { sparsity: '0.6', init: 'he-uniform' }).sparsity).toEqual({
      kind: 'perKernel',
      fractions: [0.6],
    })
    expect(experiment('f2', { sparsity: '0.8' }).sparsity).toEqual({
      kind: 'perKernel',
      fractions: [0.8, 0.8, 0.8],
    })
    expect(experiment('f2', { sparsity: '0' }).sparsity).toEqual({ kind: 'none' })
  })

  test('augmentation can be switched off, taken from the recipe, or spelled out', () => {
    expect(experiment('conv7', { augment: false }).augmentation).toBeNull()
    expect(experiment('conv7', { augment: true }).augmentation).toEqual(recipes.conv7.augmentation)
    expect(refused({ augment: true })).toMatch(/recipe of f2 has none; say which, like rotation=10/)
  })

  test('every other flag reaches its field', () => {
    expect(
      experiment('conv7', {
        dataset: 'fashion-mnist',
        normalize: 'standard',
        optimizer: 'lookahead',
        'inner-optimizer': 'sgd',
        'sync-period': '7',
        'slow-step-size': '0.8',
        init: 'equidistant',
        epochs: '3',
        'batch-size': '10',
        seed: '5',
        limit: '100',
        'test-limit': '50',
        'evaluate-inner': true,
        engine: 'wasm',
        threads: '1',
      }),
    ).toMatchObject({
      dataset: 'fashion-mnist',
      normalization: 'standard',
      innerOptimizer: { kind: 'sgd' },
      outer: { kind: 'lookahead', syncPeriod: { kind: 'constant', period: 7 }, slowStepSize: 0.8 },
      initializer: { kind: 'equidistant' },
      epochs: 3,
      batchSize: 10,
      seed: 5,
      limit: 100,
      testLimit: 50,
      evaluateInner: true,
      engine: 'wasm',
      threads: 1,
    })
  })
})

test('every setting that an error may name leads to the flag that sets it', () => {
  for (const { path, name } of experimentFlags) expect(flagOfSetting(path)).toBe(name)
  expect(flagOfSetting('outer.syncPeriod.periods.fromStep')).toBe('sync-period')
  expect(flagOfSetting('learningRate.value')).toBe('learning-rate')
  expect(flagOfSetting('augmentation.zoom')).toBe('augment')
  expect(flagOfSetting('outer.kind')).toBe('optimizer')
  expect(flagOfSetting('nothing')).toBeNull()
})
