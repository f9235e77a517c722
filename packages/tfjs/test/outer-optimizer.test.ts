/**
 * What people ask of such optimizers again and again: look at synchronized weights, synchronize now, change the learning rate; and
 * what must not pass in silence.
 */
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { laperm, lookahead } from '../src/index.ts'
import { bits, useBackend, weightsOf } from './tiny-models.ts'
import { trained } from './trained.ts'

beforeEach(() => useBackend('cpu'))

describe('withSynced', () => {
  test('shows synchronized weights and puts the others back bit for bit', async () => {
    const { model, optimizer, isPermutation } = await trained(100, 3)
    const before = weightsOf(model).map(bits)
    expect(isPermutation()).toBe(false)
    expect(optimizer.withSynced(() => isPermutation())).toBe(true)
    expect(weightsOf(model).map(bits)).toEqual(before)
    expect(optimizer.stepsSinceSync).toBe(3)
  })

  test('waits for a promise, and puts the weights back when it rejects', async () => {
    const { model, optimizer, isPermutation } = await trained(100, 3)
    const before = weightsOf(model).map(bits)
    const rejected = optimizer.withSynced(async () => {
      await Promise.resolve()
      expect(isPermutation()).toBe(true)
      throw new Error('validation failed')
    })
    expect(isPermutation()).toBe(true)
    await expect(rejected).rejects.toThrow('validation failed')
    expect(weightsOf(model).map(bits)).toEqual(before)
    expect(() =>
      optimizer.withSynced(() => {
        throw new Error('at once')
      }),
    ).toThrow('at once')
    expect(weightsOf(model).map(bits)).toEqual(before)
  })

  test('does not change how training goes on', async () => {
    const { model, optimizer, x, y } = await trained(4, 3)
    const other = await trained(4, 3)
    optimizer.withSynced(() => undefined)
    for (let i = 0; i < 3; i++) {
      await model.trainOnBatch(x, y)
      await other.model.trainOnBatch(other.x, other.y)
    }
    expect(weightsOf(model).map(bits)).toEqual(weightsOf(other.model).map(bits))
  })

  test('refuses a training step inside', async () => {
    const { model, optimizer, x, y } = await trained(100, 1)
    await expect(optimizer.withSynced(() => model.trainOnBatch(x, y))).rejects.toThrow(
      'no step can be taken inside',
    )
  })

  test('shows Lookahead’s slow weights', () => {
    const w = tf.variable(tf.tensor1d([0, 8]))
    const optimizer = lookahead(tf.train.sgd(1), { syncPeriod: 10, slowStepSize: 0.25 })
    optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([-4, 0]) }])
    // Fast [4, 8]; slow 0 + 0.25 * 4 = 1.
    expect(optimizer.withSynced(() => [...w.dataSync()])).toEqual([1, 8])
    expect([...w.dataSync()]).toEqual([4, 8])
    optimizer.syncNow()
    expect([...w.dataSync()]).toEqual([1, 8])
    optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([-4, 0]) }])
    optimizer.syncNow()
    // Fast 5, slow 1 + 0.25 * 4 = 2.
    expect([...w.dataSync()]).toEqual([2, 8])
  })
})

test('syncNow synchronizes and starts the count again', async () => {
  const { model, optimizer, x, y, isPermutation } = await trained(3, 2)
  optimizer.syncNow()
  expect([optimizer.stepsSinceSync, isPermutation()]).toEqual([0, true])
  await model.trainOnBatch(x, y)
  expect([optimizer.stepsSinceSync, isPermutation()]).toEqual([1, false])
  await model.trainOnBatch(x, y)
  await model.trainOnBatch(x, y)
  expect([optimizer.stepsSinceSync, isPermutation()]).toEqual([0, true])
})

test.each([
  ['sgd', () => tf.train.sgd(0.5)],
  ['momentum', () => tf.train.momentum(0.5, 0)],
  ['adam', () => tf.train.adam(0.5)],
  ['lookahead(sgd)', () => lookahead(tf.train.sgd(0.5))],
])('the learning rate of %s is read and set through the outer optimizer', (_name, makeInner) => {
  const w = tf.variable(tf.tensor1d([0]))
  const optimizer = laperm(makeInner(), { syncPeriod: 100 })
  expect(optimizer.learningRate).toBe(0.5)
  optimizer.learningRate = 0.25
  expect(optimizer.learningRate).toBe(0.25)
  optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d([1]) }])
  expect(w.dataSync()[0]).toBeCloseTo(-0.25, 5)
  expect(() => {
    optimizer.learningRate = Number.NaN
  }).toThrow('learningRate: must be a finite number, got NaN')
})

describe('what must not pass in silence', () => {
  test('weights written from outside, until reset or acceptWeights says what they are', async () => {
    const { model, optimizer, x, y, isPermutation } = await trained(2, 2)
    const copy = model.getWeights().map((weight) => tf.mul(weight, 1))
    model.setWeights(copy)
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(
      /laperm: variable dense_Dense\d+\/kernel was written by something else since the last step/,
    )
    expect(() => optimizer.syncNow()).toThrow('was written by something else')
    optimizer.acceptWeights()
    await model.trainOnBatch(x, y)
    await model.trainOnBatch(x, y)
    expect(isPermutation()).toBe(true)

    model.setWeights(copy.map((weight) => tf.add(weight, 1)))
    optimizer.reset()
    await model.trainOnBatch(x, y)
    await model.trainOnBatch(x, y)
    expect(optimizer.stepsSinceSync).toBe(0)
    expect(isPermutation()).toBe(false)
  })

  test('a variable added, or disposed, or never there', () => {
    const a = tf.variable(tf.zeros([2, 2]), true, 'added/a')
    const b = tf.variable(tf.zeros([2, 2]), true, 'added/b')
    const gradient = tf.ones([2, 2])
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 2 })
    optimizer.applyGradients([{ name: a.name, tensor: gradient }])
    expect(() => optimizer.applyGradients([a, b].map(({ name }) => ({ name, tensor: gradient })))).toThrow(
      'It started with added/a [2,2]; now there are added/a [2,2], added/b [2,2]. Make a new optimizer',
    )
    expect(() => optimizer.applyGradients({ nowhere: gradient })).toThrow('There is no live variable nowhere')
    a.dispose()
    expect(() => optimizer.syncNow()).toThrow('variable added/a was disposed')
    optimizer.reset()
    optimizer.applyGradients([{ name: b.name, tensor: gradient }])
    expect(optimizer.stepsSinceSync).toBe(1)
  })

  test('a layer frozen after compile', async () => {
    const { model, optimizer } = await trained(2, 2)
    model.layers[0].trainable = false
    expect(() => optimizer.attach(model)).toThrow('the variables have changed')
  })

  test('NaN among the initial weights', () => {
    const w = tf.variable(tf.tensor2d([1, Number.NaN], [2, 1]), true, 'initial/nan')
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 2 })
    expect(() => optimizer.applyGradients({ [w.name]: tf.zeros([2, 1]) })).toThrow(
      'weight 1 of vector 0 of initial/nan is NaN',
    )
    expect([...w.dataSync()]).toEqual([1, Number.NaN])
  })

  test('NaN in Lookahead’s fast weights', () => {
    const w = tf.variable(tf.tensor1d([1, 2]), true, 'fast/nan')
    const optimizer = lookahead(tf.train.sgd(1), { syncPeriod: 1 })
    expect(() => optimizer.applyGradients({ [w.name]: tf.tensor1d([0, Number.NaN]) })).toThrow(
      'weight 1 of vector 0 of fast/nan is NaN',
    )
  })

  test.each([
    [() => laperm(tf.train.sgd(1), { syncPeriod: 0 }), 'syncPeriod: must be an integer of at least 1, got 0'],
    [() => lookahead(tf.train.sgd(1), { slowStepSize: 0 }), 'slowStepSize: must be a number above 0'],
    [
      () => laperm('adam' as unknown as tf.Optimizer, { syncPeriod: 2 }),
      'laperm: inner must be a tf.Optimizer',
    ],
  ])('settings against their rule %#', (make, message) => {
    expect(make).toThrow(message)
  })
})
