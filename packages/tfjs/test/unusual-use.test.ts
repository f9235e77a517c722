/**
 * What users do that examples do not: shared layers, other realms, variables in another order, frozen models, a second optimizer; and that each is
 * right, or says what to do.
 */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { laperm, lookahead } from '../src/index.ts'
import { bits, denseModel, quarters, useBackend, weightsOf } from './tiny-models.ts'
import { trained } from './trained.ts'

beforeEach(() => useBackend('cpu'))

const quiet = { onWarning: () => undefined }

/** A dense layer that an encoder and the model around it share: tfjs lists its weights twice. */
const sharedLayerModel = () => {
  const shared = tfl.layers.dense({ units: 4, kernelInitializer: tfl.initializers.heUniform({ seed: 3 }) })
  const inside = tfl.input({ shape: [12] })
  const encoder = tfl.model({ inputs: inside, outputs: shared.apply(inside) as tfl.SymbolicTensor })
  const [a, b] = [tfl.input({ shape: [12] }), tfl.input({ shape: [12] })]
  const merged = tfl.layers.concatenate().apply([encoder.apply(a), shared.apply(b)] as tfl.SymbolicTensor[])
  const head = tfl.layers.dense({ units: 1, kernelInitializer: tfl.initializers.heUniform({ seed: 4 }) })
  return tfl.model({ inputs: [a, b], outputs: head.apply(merged) as tfl.SymbolicTensor })
}

describe('a layer that two nested models share', () => {
  test.each([
    ['laperm', (model: tfl.LayersModel) => laperm(tf.train.adam(0.01), { syncPeriod: 1, model, ...quiet })],
    [
      'laperm, attached',
      (model: tfl.LayersModel) => laperm(tf.train.adam(0.01), { syncPeriod: 1, ...quiet }).attach(model),
    ],
    ['lookahead', () => lookahead(tf.train.adam(0.01), { syncPeriod: 1 })],
  ])('is one set of variables for %s', async (name, make) => {
    const model = sharedLayerModel()
    const optimizer = make(model)
    model.compile({ optimizer, loss: 'meanSquaredError' })
    const inputs = [
      tf.randomNormal([8, 12], 0, 1, 'float32', 1),
      tf.randomNormal([8, 12], 0, 1, 'float32', 2),
    ]
    for (let i = 0; i < 3; i++) await model.trainOnBatch(inputs, tf.zeros([8, 1]))
    expect(optimizer.iterations).toBe(3)
    if (name !== 'lookahead' && 'checkPermutations' in optimizer)
      expect(await optimizer.checkPermutations()).toMatchObject({ weightVectors: 5, isPermutation: true })
  })

  test('takes one step, not two', () => {
    const w = tf.variable(tf.tensor1d([0]))
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 9 })
    const gradient = { name: w.name, tensor: tf.tensor1d([1]) }
    optimizer.applyGradients([gradient, gradient])
    expect([...w.dataSync()]).toEqual([-1])
  })
})

describe('withSynced waits for whatever has a then', () => {
  const sawPermutation = async (look: (seen: () => Promise<boolean>) => unknown) => {
    const { optimizer, isPermutation } = await trained(100, 2)
    return optimizer.withSynced(() =>
      look(async () => {
        await null
        return isPermutation()
      }),
    )
  }

  test('a promise where the global Promise was replaced, as zone.js does', async () => {
    const native = globalThis.Promise
    class Patched<T> extends native<T> {}
    globalThis.Promise = Patched
    try {
      expect(await sawPermutation((seen) => seen())).toBe(true)
    } finally {
      globalThis.Promise = native
    }
  })

  test('a thenable that is no promise', async () => {
    expect(
      await sawPermutation((seen) => ({
        // biome-ignore lint/suspicious/noThenProperty: what database drivers return.
        then: (resolve: (value: boolean) => void, reject: (error: unknown) => void) => {
          seen().then(resolve, reject)
        },
      })),
    ).toBe(true)
  })
})

test.each([
  ['laperm', () => laperm(tf.train.momentum(0.5, 0.9), { syncPeriod: 2, ...quiet })],
  ['lookahead', () => lookahead(tf.train.momentum(0.5, 0.9), { syncPeriod: 2 })],
])('%s takes the same variables in any order, and gives each its own momentum', (_, make) => {
  const run = (reversed: boolean) => {
    const variables = [tf.variable(tf.tensor2d([1, 2, 3], [3, 1])), tf.variable(tf.tensor1d([5, 7]))]
    const optimizer = make()
    for (let step = 0; step < 4; step++) {
      const gradients = variables.map(({ name, shape }, i) => ({
        name,
        tensor: tf.mul(tf.ones(shape), (i + 1) * (step + 1)),
      }))
      optimizer.applyGradients(reversed && step % 2 === 1 ? gradients.reverse() : gradients)
    }
    return variables.map((variable) => bits(variable.dataSync()))
  }
  expect(run(true)).toEqual(run(false))
})

describe('scalars that diverge', () => {
  test('are named by lookahead; laperm permutes no scalar', () => {
    const diverge = (optimizer: tf.Optimizer) => {
      const a = tf.variable(tf.scalar(1), true, `${optimizer.getClassName()}/slope`)
      for (let step = 0; step < 6; step++)
        optimizer.minimize(() => tf.mean(tf.square(tf.mul(a, tf.tensor1d([1, 2, 3])))), false, [a])
    }
    expect(() => diverge(lookahead(tf.train.sgd(1e20), { syncPeriod: 2 }))).toThrow(
      'Training has diverged: weight 0 of vector 0 of Lookahead/slope is NaN',
    )
    expect(() => diverge(laperm(tf.train.sgd(1e20), { syncPeriod: 2 }))).not.toThrow()
  })
})

describe('freezing', () => {
  test('a model that is all frozen cannot be attached', () => {
    const model = denseModel(3)
    model.trainable = false
    expect(() => laperm(tf.train.sgd(1), { syncPeriod: 2 }).attach(model)).toThrow(
      'laperm: the model has no trainable weights. Unfreeze a layer (layer.trainable = true)',
    )
  })

  test('after unfreezing, the remedy that the message names works', async () => {
    const model = denseModel(3)
    model.layers[0].trainable = false
    const make = () => laperm(tf.train.adam(0.01), { syncPeriod: 4, model })
    const first = make()
    const compile = (optimizer: tf.Optimizer) => model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    compile(first)
    const { x, y } = quarters(16, [12])
    await model.trainOnBatch(x, y)
    model.layers[0].trainable = true
    compile(first)
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(
      /Make a new optimizer for them: call syncNow\(\) on this one where its weights are to be the initial ones/,
    )
    first.syncNow()
    const second = make()
    compile(second)
    for (let i = 0; i < 4; i++) await model.trainOnBatch(x, y)
    expect(await second.checkPermutations()).toMatchObject({ weightVectors: 20, isPermutation: true })
  })
})

describe('a new optimizer between two synchronizations of another', () => {
  test('is told, until the weights are synchronized', async () => {
    const { model, optimizer, x, y } = await trained(3, 2)
    const next = laperm(tf.train.adam(0.01), { syncPeriod: 3, model })
    expect(() => next.attach(model)).toThrow(
      /laperm: variable .*kernel is 2 steps behind a synchronization of another optimizer \(laperm\)/,
    )
    // A look in between changes nothing.
    optimizer.withSynced(() => undefined)
    model.compile({ optimizer: next, loss: 'categoricalCrossentropy' })
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(
      'Call syncNow() on that one first, or reset() on this one',
    )
    optimizer.syncNow()
    await model.trainOnBatch(x, y)
    expect(next.stepsSinceSync).toBe(1)
  })

  test('takes the present values where reset() says so, or something else wrote them since', async () => {
    const { model } = await trained(3, 2)
    const next = laperm(tf.train.adam(0.01), { syncPeriod: 3 })
    next.reset()
    expect(next.attach(model).stepsSinceSync).toBe(0)
    const other = await trained(3, 2)
    other.model.setWeights(other.model.getWeights().map((weight) => tf.add(weight, 1)))
    expect(() => laperm(tf.train.adam(0.01), { syncPeriod: 3 }).attach(other.model)).not.toThrow()
  })
})

test.each([
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['adam', () => tf.train.adam(0.1)],
  ['rmsprop', () => tf.train.rmsprop(0.1, 0.9, 0.1)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adamax', () => tf.train.adamax(0.1)],
  ['adadelta', () => tf.train.adadelta(0.1)],
])('dispose leaves no tensor of %s', async (_, makeInner) => {
  const model = denseModel(3)
  const { x, y } = quarters(16, [12])
  const before = tf.memory().numTensors
  for (const innerState of ['keep', 'reset', 'pullBack'] as const) {
    const optimizer = lookahead(makeInner(), { syncPeriod: 2, innerState })
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    for (let i = 0; i < 6; i++) tf.dispose(await model.trainOnBatch(x, y))
    await optimizer.getWeights().catch(() => [])
    optimizer.dispose()
    expect(tf.memory().numTensors, innerState).toBe(before)
  }
  tf.dispose([x, y])
  expect(weightsOf(model).length).toBe(4)
})
