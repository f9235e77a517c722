/**
 * `model.save(..., { includeOptimizer: true })` and `tf.loadLayersModel`: an interrupted run goes on bit for bit as if it had not been.
 */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { type LaPermOptimizer, laperm, lookahead, type OuterOptimizer } from '../src/index.ts'
import { bits, denseModel, quarters, useBackend, weightsOf } from './tiny-models.ts'

/** Save a model with its optimizer and load it again, through JSON as a file would. */
const saveAndLoad = async (model: tfl.LayersModel): Promise<tfl.LayersModel> => {
  let saved: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
    { includeOptimizer: true },
  )
  if (saved === undefined) throw new Error('nothing was saved')
  const { weightData, ...rest } = saved
  const throughJson = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts
  return tfl.loadLayersModel(
    tf.io.fromMemory({ ...throughJson, ...(weightData === undefined ? {} : { weightData }) }),
  )
}

const optimizers: readonly (readonly [string, () => OuterOptimizer])[] = [
  ['laperm(adam)', () => laperm(tf.train.adam(0.01), { syncPeriod: 3 })],
  ['laperm(sgd)', () => laperm(tf.train.sgd(0.1), { syncPeriod: 3 })],
  ['laperm(momentum)', () => laperm(tf.train.momentum(0.1, 0.9, true), { syncPeriod: 3 })],
  ['laperm(rmsprop)', () => laperm(tf.train.rmsprop(0.01, 0.9, 0.1), { syncPeriod: 3 })],
  [
    'laperm(adagrad) with a period that changes',
    () =>
      laperm(tf.train.adagrad(0.1), {
        syncPeriod: {
          kind: 'steps',
          periods: [
            { fromStep: 1, period: 2 },
            { fromStep: 5, period: 4 },
          ],
        },
      }),
  ],
  [
    'lookahead(adam) with state pulled back',
    () => lookahead(tf.train.adam(0.01), { syncPeriod: 3, innerState: 'pullBack' }),
  ],
  [
    'laperm(adam) with state reset and a schedule of learning rates',
    () =>
      laperm(tf.train.adam(0.01), {
        syncPeriod: 3,
        innerState: 'reset',
        learningRate: { spec: { kind: 'exponential', initial: 0.01, decay: 0.5 }, stepsPerEpoch: 3 },
      }),
  ],
  ['lookahead(adam)', () => lookahead(tf.train.adam(0.01), { syncPeriod: 3, slowStepSize: 0.25 })],
  [
    'lookahead(laperm(adam))',
    () => lookahead(laperm(tf.train.adam(0.01), { syncPeriod: 2 }), { syncPeriod: 3 }),
  ],
]

beforeEach(() => useBackend('cpu'))

describe.each(optimizers)('%s', (_name, makeOptimizer) => {
  test('resumes between two synchronizations exactly', async () => {
    const { x, y } = quarters(16, [12])
    // `fit` would shuffle; one whole batch a call keeps both runs on the same data.
    const steps = async (model: tfl.LayersModel, count: number) => {
      for (let i = 0; i < count; i++) await model.trainOnBatch(x, y)
    }
    const model = denseModel(7)
    model.compile({ optimizer: makeOptimizer(), loss: 'categoricalCrossentropy' })
    await steps(model, 5)
    const loaded = await saveAndLoad(model)
    const restored = loaded.optimizer as OuterOptimizer
    expect(weightsOf(loaded).map(bits)).toEqual(weightsOf(model).map(bits))
    expect(restored.iterations).toBe(5)
    expect(restored.stepsSinceSync).toBe((model.optimizer as OuterOptimizer).stepsSinceSync)
    expect(restored.getConfig()).toEqual((model.optimizer as OuterOptimizer).getConfig())
    // Saved again before it has taken a step, it must have lost nothing.
    const again = await saveAndLoad(loaded)
    await steps(again, 6)
    await steps(model, 6)
    await steps(loaded, 6)
    expect(weightsOf(loaded).map(bits)).toEqual(weightsOf(model).map(bits))
    expect(weightsOf(again).map(bits)).toEqual(weightsOf(model).map(bits))
    tf.dispose([x, y])
  })
})

test('a loaded model needs no step before its synchronized weights can be looked at', async () => {
  const model = denseModel(8)
  const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 100 })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const { x, y } = quarters(16, [12])
  for (let i = 0; i < 4; i++) await model.trainOnBatch(x, y)
  const loaded = await saveAndLoad(model)
  const restored = loaded.optimizer as LaPermOptimizer
  expect(() => restored.syncNow()).toThrow('no step has been taken')
  const look = (synced: LaPermOptimizer, of: tfl.LayersModel) =>
    synced.withSynced(() => weightsOf(of).map(bits))
  expect(look(restored.attach(loaded), loaded)).toEqual(look(optimizer, model))
  tf.dispose([x, y])
})

test('roles that a model told survive the file, under names with underscores too', async () => {
  const model = denseModel(9, true)
  const optimizer = laperm(tf.train.sgd(0.1), { syncPeriod: 2, permute: ['kernel', 'bias'], model })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const { x, y } = quarters(16, [12])
  await model.trainOnBatch(x, y)
  const loaded = await saveAndLoad(model)
  const restored = loaded.optimizer as LaPermOptimizer
  await model.trainOnBatch(x, y)
  await loaded.trainOnBatch(x, y)
  expect(restored.permute).toEqual(['kernel', 'bias'])
  const variables = restored.getConfig()['variables'] as unknown as readonly { name: string; role: string }[]
  expect(variables.map(({ role }) => role)).toEqual(['kernel', 'bias', 'gamma', 'beta', 'kernel', 'bias'])
  expect(variables[0].name).toContain('_Dense')
  expect(weightsOf(loaded).map(bits)).toEqual(weightsOf(model).map(bits))
  tf.dispose([x, y])
})

test('a loaded model that is attached keeps what was saved: roles, axes and layers', async () => {
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2dTranspose({ filters: 2, kernelSize: 3, inputShape: [4, 4, 3], name: 'up_one' }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 2, name: 'out_two' }),
    ],
  })
  const optimizer = laperm(tf.train.sgd(0.1), {
    syncPeriod: 2,
    permute: ['kernel', 'bias'],
    layers: { out_two: ['bias'] },
    model,
    roleOf: ({ name }) => (/up_one.*bias/.test(name) ? 'other' : undefined),
  })
  model.compile({ optimizer, loss: 'meanSquaredError' })
  const [x, y] = [tf.ones([2, 4, 4, 3]), tf.ones([2, 2])]
  await model.trainOnBatch(x, y)
  const loaded = await saveAndLoad(model)
  const restored = (loaded.optimizer as LaPermOptimizer).attach(loaded)
  const usesOf = (of: LaPermOptimizer) =>
    (of.getConfig()['variables'] as unknown as readonly Record<string, unknown>[]).map(
      ({ role, neuronAxes, layers }) => ({ role, neuronAxes, layers }),
    )
  expect(usesOf(restored)).toEqual(usesOf(optimizer))
  expect(usesOf(restored)[0]).toEqual({ role: 'kernel', neuronAxes: [2], layers: [{ name: 'up_one' }] })
  expect(usesOf(restored)[1]).toMatchObject({ role: 'other' })
  // The first kernel's two neurons and the last bias.
  const report = await restored.withSynced(() => restored.checkPermutations())
  expect(report).toEqual({ weightVectors: 3, permutedVectors: 3, isPermutation: true })
  tf.dispose([x, y])
})

test('a model saved before its first step starts from its own weights', async () => {
  const model = denseModel(10)
  model.compile({
    optimizer: laperm(tf.train.adam(0.01), { syncPeriod: 2 }),
    loss: 'categoricalCrossentropy',
  })
  const loaded = await saveAndLoad(model)
  const { x, y } = quarters(16, [12])
  for (let i = 0; i < 2; i++) {
    await model.trainOnBatch(x, y)
    await loaded.trainOnBatch(x, y)
  }
  expect(weightsOf(loaded).map(bits)).toEqual(weightsOf(model).map(bits))
  tf.dispose([x, y])
})

test('state that is another optimizer’s, or another model’s, is refused and named', async () => {
  const { x, y } = quarters(16, [12])
  const adam = tf.train.adam(0.01)
  const model = denseModel(11)
  model.compile({ optimizer: adam, loss: 'categoricalCrossentropy' })
  await model.trainOnBatch(x, y)
  const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 2 })
  await expect(optimizer.setWeights(await adam.getWeights())).rejects.toThrow(
    'it is no state of laperm (it holds iter)',
  )

  const other = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [5] })] })
  const first = laperm(tf.train.adam(0.01), { syncPeriod: 2 })
  model.compile({ optimizer: first, loss: 'categoricalCrossentropy' })
  await model.trainOnBatch(x, y)
  await optimizer.setWeights(await first.getWeights())
  expect(() => optimizer.attach(other)).toThrow('the optimizer state does not fit the model')
  tf.dispose([x, y])
})

test('a sync period that is a function is refused when it would be saved', () => {
  const optimizer = laperm(tf.train.sgd(0.1), { syncPeriod: (step) => step })
  expect(() => optimizer.getConfig()).toThrow('a function cannot be saved')
})
