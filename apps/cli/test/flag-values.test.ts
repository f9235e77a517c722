import { adamSpec } from '@laperm/core'
import { recipes } from '@laperm/train'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { experimentFromFlags } from '../src/experiment-settings.ts'
import {
  parseAugmentation,
  parseInitializer,
  parseInnerOptimizer,
  parseNumber,
  parseSparsity,
  parseSyncPeriod,
} from '../src/flag-values.ts'
import type { ExperimentFlags } from '../src/invocation.ts'

const experiment = (model: string, flags: ExperimentFlags) => {
  const made = experimentFromFlags(model, flags)
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}

test('a sync period is a number or changes at steps', () => {
  expect(parseSyncPeriod('250')).toEqual({ kind: 'constant', period: 250 })
  expect(parseSyncPeriod('20,1000@5001')).toEqual({
    kind: 'steps',
    periods: [
      { fromStep: 1, period: 20 },
      { fromStep: 5001, period: 1000 },
    ],
  })
})

test('sparsity is a number, or a list with fractions', () => {
  expect(parseSparsity('0.5')).toBe(0.5)
  expect(parseSparsity('14/15,6/7,2/3')).toEqual({ kind: 'perKernel', fractions: [14 / 15, 6 / 7, 2 / 3] })
  expect(() => parseSparsity('1/2/3')).toThrow()
  expect(() => parseSparsity('0.5,,0.5')).toThrow()
})

test('initializers, inner optimizers and augmentation go by name', () => {
  expect(parseInitializer('glorot-normal')).toEqual({ kind: 'glorotNormal' })
  expect(parseInitializer('shared:0.03')).toEqual({ kind: 'sharedValue', value: 0.03 })
  expect(parseInnerOptimizer('adam')).toEqual(adamSpec)
  expect(parseInnerOptimizer('nesterov')).toEqual({ kind: 'momentum', momentum: 0.9, nesterov: true })
  expect(parseAugmentation('rotation=10,flip')).toEqual({
    rotationDegrees: 10,
    shiftFraction: 0,
    zoom: 0,
    horizontalFlip: true,
  })
  expect(() => parseAugmentation('rotation')).toThrow()
})

test('a blank is no number', () => {
  expect(() => parseNumber('')).toThrow()
  expect(() => parseNumber(' ')).toThrow()
  expect(() => parseNumber('1,5')).toThrow()
  expect(parseNumber('1e-3')).toBe(0.001)
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
    expect(experiment('conv7', { learningRate: 0.01 }).learningRate).toEqual({
      kind: 'exponential',
      initial: 0.01,
      decay: 0.95,
      everyEpochs: 1,
    })
    expect(experiment('resnet50', { learningRateDecay: 0.9 }).learningRate).toEqual({
      kind: 'exponential',
      initial: 1e-3,
      decay: 0.9,
      everyEpochs: 1,
    })
  })

  test('a single sparsity spares the first kernel by the paper’s rule, unless it is the only one', () => {
    expect(experiment('mlp', { sparsity: 0.5 }).sparsity).toEqual({ kind: 'uniform', fraction: 0.5 })
    expect(experiment('f1', { sparsity: 0.6 }).sparsity).toEqual({ kind: 'perKernel', fractions: [0.6] })
    expect(experiment('f2', { sparsity: 0 }).sparsity).toEqual({ kind: 'none' })
  })

  test('augmentation can be switched off, taken from the recipe, or spelled out', () => {
    expect(experiment('conv7', { augment: false }).augmentation).toBeNull()
    expect(experiment('conv7', { augment: true }).augmentation).toEqual(recipes.conv7.augmentation)
    const spelled = { rotationDegrees: 5, shiftFraction: 0, zoom: 0, horizontalFlip: false }
    expect(experiment('f2', { augment: spelled }).augmentation).toEqual(spelled)
  })

  test('every other flag reaches its field', () => {
    expect(
      experiment('conv7', {
        dataset: 'fashion-mnist',
        normalize: 'standard',
        optimizer: 'lookahead',
        innerOptimizer: { kind: 'sgd' },
        syncPeriod: { kind: 'constant', period: 7 },
        slowStepSize: 0.8,
        init: { kind: 'equidistant' },
        epochs: 3,
        batchSize: 10,
        seed: 5,
        limit: 100,
        evaluateInner: true,
        engine: 'onnx',
        threads: 1,
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
      evaluateInner: true,
      threads: 1,
    })
  })
})
