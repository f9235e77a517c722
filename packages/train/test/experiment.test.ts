import { adamSpec, momentumSpec } from '@laperm/core'
import { zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type Experiment,
  type ExperimentSettings,
  optimizerNames,
  optimizerOf,
  parseExperiment,
  planRun,
  renderTrainError,
  resolveExperiment,
} from '../src/index.ts'
import { smallDigits } from './fixture-runs.ts'

const must = (value: ReturnType<typeof resolveExperiment>): Experiment => {
  if (E.isLeft(value)) throw new Error(renderTrainError(value.left))
  return value.right
}
const refused = (value: ReturnType<typeof resolveExperiment>): string => {
  if (E.isRight(value)) throw new Error('expected a refusal')
  return renderTrainError(value.left)
}

describe('resolveExperiment', () => {
  test('starts from the recipe of the paper', () => {
    const conv7 = must(resolveExperiment({ model: 'conv7' }))
    expect(conv7.dataset).toBe('digits')
    expect(conv7.batchSize).toBe(50)
    expect(conv7.epochs).toBe(45)
    expect(conv7.outer).toEqual({
      kind: 'permute',
      syncPeriod: { kind: 'constant', period: 20 },
      roles: ['kernel', 'bias'],
    })
    expect(conv7.learningRate).toEqual({ kind: 'exponential', initial: 1e-3, decay: 0.95, everyEpochs: 1 })
    expect(conv7.augmentation).toEqual({
      rotationDegrees: 10,
      shiftFraction: 0.1,
      zoom: 0.1,
      horizontalFlip: false,
    })
  })

  test('trains on digits instead of MNIST unless MNIST is named: nobody has to have files', () => {
    expect(must(resolveExperiment({ model: 'f1' })).dataset).toBe('digits')
    expect(must(resolveExperiment({ model: 'f1', dataset: 'mnist' })).dataset).toBe('mnist')
    expect(must(resolveExperiment({ model: 'conv4' })).dataset).toBe('cifar10')
  })

  test('knows a complete, valid recipe for every network of the zoo', () => {
    for (const model of zooNames) {
      const experiment = must(resolveExperiment({ model }))
      expect(Object.values(experiment).includes(undefined as never)).toBe(false)
      expect(must(parseExperiment(experiment))).toEqual(experiment)
    }
  })

  test('prunes F1 and F2 as Section 5.5 does', () => {
    expect(must(resolveExperiment({ model: 'f1' })).sparsity).toEqual({ kind: 'perKernel', fractions: [0.4] })
    expect(must(resolveExperiment({ model: 'f1' })).initializer).toEqual({ kind: 'sharedValue', value: 0.08 })
    expect(must(resolveExperiment({ model: 'f2' })).sparsity).toEqual({
      kind: 'perKernel',
      fractions: [14 / 15, 6 / 7, 2 / 3],
    })
  })

  test('an inner optimizer alone has no sync period, and SGD starts at the learning rate of Section 3', () => {
    const adam = must(resolveExperiment({ model: 'mlp', optimizer: 'adam' }))
    expect(adam.outer).toEqual({ kind: 'none' })
    expect(adam.innerOptimizer.kind).toBe('adam')
    const sgd = must(resolveExperiment({ model: 'mlp', optimizer: 'sgd' }))
    expect(sgd.innerOptimizer).toEqual({ kind: 'sgd' })
    expect(sgd.learningRate).toMatchObject({ kind: 'steps', initial: 0.1 })
  })

  test('Lookahead takes its own paper’s k and alpha', () => {
    const lookahead = must(resolveExperiment({ model: 'mlp', optimizer: 'lookahead' }))
    expect(lookahead.outer).toEqual({
      kind: 'lookahead',
      syncPeriod: { kind: 'constant', period: 5 },
      slowStepSize: 0.5,
    })
  })

  test('is called by the name that would have set it', () => {
    for (const optimizer of optimizerNames)
      expect(optimizerOf(must(resolveExperiment({ model: 'mlp', optimizer })))).toBe(optimizer)
    expect(
      optimizerOf(
        must(resolveExperiment({ model: 'mlp', outer: { kind: 'none' }, innerOptimizer: momentumSpec })),
      ),
    ).toBe('sgd')
  })

  test('names the nearest known name', () => {
    expect(refused(resolveExperiment({ model: 'conv-7' }))).toMatch(
      /model called 'conv-7'.*Did you mean 'conv7'/,
    )
    expect(refused(resolveExperiment({ model: 'f2', dataset: 'minst' }))).toMatch(
      /data set.*'minst'.*'mnist'/,
    )
    expect(refused(resolveExperiment({ model: 'f2', optimizer: 'adamw' }))).toMatch(/optimizer.*'adam'/)
    expect(refused(resolveExperiment({ model: 'f2', normalization: 'unit-mean' }))).toMatch(
      /'unit-minus-mean'/,
    )
    expect(refused(resolveExperiment({ model: 'zzzzzzzzzzzz' }))).not.toMatch(/Did you mean/)
  })

  test.each([
    [{ epochs: 0 }, /epochs is 0, but it must be an integer of at least 1/],
    [{ epochs: 1.5 }, /epochs is 1.5/],
    [{ epochs: Number.NaN }, /epochs is NaN/],
    [{ batchSize: 0 }, /batchSize is 0/],
    [{ batchSize: 100, limit: 60 }, /batchSize is 100, but only 60 training examples/],
    [{ limit: 0 }, /limit is 0/],
    [{ testLimit: 0.5 }, /testLimit is 0\.5/],
    [{ seed: -1 }, /seed is -1/],
    [{ seed: 2 ** 32 }, /seed is 4294967296/],
    [{ threads: 0 }, /threads is 0/],
    [{ engine: '' }, /engine is '', but it must be a name/],
    [{ engine: 'a/b' }, /engine is 'a\/b', but it must be a name/],
    [{ outer: { syncPeriod: { kind: 'constant', period: 0 } as const } }, /outer.syncPeriod.period is 0/],
    [{ outer: { syncPeriod: { kind: 'constant', period: 2.5 } as const } }, /outer.syncPeriod.period is 2.5/],
    [{ outer: { syncPeriod: { kind: 'steps', periods: [] } as const } }, /at least one period/],
    [
      { outer: { syncPeriod: { kind: 'steps', periods: [{ fromStep: 2, period: 5 }] } as const } },
      /from step 1/,
    ],
    [{ sparsity: { kind: 'uniform', fraction: 1 } as const }, /sparsity.fraction is 1, but .* below 1/],
    [{ sparsity: { kind: 'uniform', fraction: -0.1 } as const }, /sparsity.fraction is -0.1/],
    [{ sparsity: { kind: 'perKernel', fractions: [0.5] } as const }, /the model has 3 kernels/],
    [{ learningRate: { kind: 'constant', value: 0 } as const }, /learningRate.value is 0/],
    [{ learningRate: { kind: 'constant', value: Number.POSITIVE_INFINITY } as const }, /Infinity/],
    [
      { optimizer: 'adam', outer: { syncPeriod: { kind: 'constant', period: 5 } as const } },
      /outer.syncPeriod is .*an inner optimizer alone \('adam', 'sgd'\) takes none/,
    ],
    [{ outer: { kind: 'none', roles: ['kernel' as const] } }, /outer.roles is .* takes none/],
    [{ optimizer: 'adam', outer: { kind: 'permute' } }, /outer.kind is 'permute', but optimizer 'adam'/],
    [{ outer: { kind: 'permutation' } }, /kind of outer update called.*Did you mean 'permute'/],
    [{ outer: { roles: ['movingMean' as const] } }, /no role called 'movingMean'/],
    [{ optimizer: 'sgd', innerOptimizer: adamSpec }, /innerOptimizer is 'adam', but .*SGD or momentum alone/],
    [{ optimizer: 'adam', innerOptimizer: { kind: 'sgd' } as const }, /Adam alone/],
    [{ outer: { slowStepSize: 0.5 } }, /outer.slowStepSize is 0.5, but 'laperm' takes none/],
    [{ optimizer: 'lookahead', outer: { slowStepSize: 0 } }, /slowStepSize is 0/],
    [{ initializer: { kind: 'sharedValue', value: Number.NaN } as const }, /initializer.value is NaN/],
    [
      { augmentation: { rotationDegrees: 200, shiftFraction: 0, zoom: 0, horizontalFlip: false } },
      /rotationDegrees is 200/,
    ],
  ])('refuses %j', (settings, message) => {
    expect(refused(resolveExperiment({ model: 'f2', ...settings }))).toMatch(message)
  })
})

test('an engine is any name: which there are is known by whoever loads them', () => {
  expect(must(resolveExperiment({ model: 'f2', engine: 'my-own' })).engine).toBe('my-own')
})

describe('parseExperiment', () => {
  const saved = must(resolveExperiment({ model: 'f2', dataset: 'digits' }))

  test('takes back what JSON made of an experiment', () => {
    expect(must(parseExperiment(JSON.parse(JSON.stringify(saved))))).toEqual(saved)
  })

  test('fills nothing in: a missing field is an error', () => {
    const { epochs: _, ...rest } = saved
    expect(refused(parseExperiment(rest))).toMatch(/epochs/)
  })

  test('refuses an unknown field, naming the nearest', () => {
    expect(refused(parseExperiment({ ...saved, epoch: 3 }))).toMatch(/'epoch'.*Did you mean 'epochs'/)
  })

  test('refuses what is no record, and fields of the wrong type', () => {
    for (const value of [null, 7, 'f2', [saved]]) expect(refused(parseExperiment(value))).toMatch(/record/)
    expect(refused(parseExperiment({ ...saved, seed: '1' }))).toMatch(/seed is '1'/)
    expect(refused(parseExperiment({ ...saved, learningRate: { kind: 'constant' } }))).toMatch(
      /learningRate.value/,
    )
    expect(refused(parseExperiment({ ...saved, sparsity: { kind: 'none', fraction: 1 } }))).toMatch(
      /fraction/,
    )
  })
})

describe('planRun', () => {
  const planned = (settings: Omit<ExperimentSettings, 'model'>) =>
    planRun(must(resolveExperiment({ model: 'f1', batchSize: 50, ...settings })), smallDigits)

  test('counts the weight vectors in which something can move', () => {
    const plan = planned({})
    expect(E.isRight(plan) && plan.right.movable).toEqual({ vectors: 10, movable: 10 })
    // round(0.9999 * 7840) = 7839 are pruned: one weight is left, in one vector.
    const sparse = planned({ sparsity: 0.9999 })
    expect(E.isRight(sparse) && sparse.right.movable).toEqual({ vectors: 10, movable: 1 })
    const adam = planned({ optimizer: 'adam', sparsity: 0 })
    expect(E.isRight(adam) && adam.right.movable).toBeNull()
  })

  test('refuses initial weights that no permutation changes', () => {
    for (const settings of [
      { sparsity: 0 },
      { sparsity: 0.99999 },
      { initializer: { kind: 'ones' } as const, sparsity: 0 },
    ]) {
      const plan = planned(settings)
      expect(E.isLeft(plan) && renderTrainError(plan.left)).toMatch(
        /In each of the 10 weight vectors all initial weights are equal/,
      )
    }
  })
})
