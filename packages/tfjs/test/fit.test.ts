/**
 * LaPerm in `fit`, `fitDataset` and `minimize`, on cpu and wasm: every kernel stays a permutation of its initial weights.
 */
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  endOnSync,
  laperm,
  type RegisteredOperations,
  registerTensorOperations,
  syncRoute,
  unregisterTensorOperations,
} from '../src/index.ts'
import {
  convModel,
  denseModel,
  quarters,
  useBackend,
  vectorCount,
  vectorsAsSets,
  weightsOf,
} from './tiny-models.ts'

type Model = ReturnType<typeof denseModel>

/** For each trainable variable: whether it is, vector by vector, a permutation of its values before, and whether it moved at all. */
const comparison = (model: Model, before: readonly Float32Array[]) =>
  weightsOf(model).map((values, i) => {
    const { shape } = model.trainableWeights[i]
    const count = vectorCount(shape)
    return {
      axes: shape.length,
      permuted:
        JSON.stringify(vectorsAsSets(values, count)) === JSON.stringify(vectorsAsSets(before[i], count)),
      moved: values.some((value, k) => value !== before[i][k]),
    }
  })

const expectKernelsPermuted = (model: Model, before: readonly Float32Array[]) => {
  for (const { axes, permuted, moved } of comparison(model, before)) {
    expect(moved).toBe(true)
    expect(permuted).toBe(axes >= 2)
  }
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeEach(() => useBackend(backend))

  test('after fit every kernel is bit for bit a permutation of its initial value, and every bias trained freely', async () => {
    const model = denseModel()
    const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 4 })
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    const before = weightsOf(model)
    const { x, y } = quarters(64, [12])
    await model.fit(x, y, { batchSize: 16, epochs: 3, verbose: 0, shuffle: false })
    expect(optimizer.iterations).toBe(12)
    expect(optimizer.stepsSinceSync).toBe(0)
    expectKernelsPermuted(model, before)
  })

  test('between synchronizations the weights are the inner optimizer’s, no permutation', async () => {
    const model = denseModel()
    const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 100 })
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    const before = weightsOf(model)
    const { x, y } = quarters(32, [12])
    await model.fit(x, y, { batchSize: 16, epochs: 1, verbose: 0, shuffle: false })
    expect(optimizer.stepsSinceSync).toBe(2)
    expect(comparison(model, before).some(({ axes, permuted }) => axes >= 2 && permuted)).toBe(false)
  })

  test('fitDataset ends on a synchronization with endOnSync', async () => {
    const model = denseModel()
    const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 1000 })
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    const before = weightsOf(model)
    const dataset = {
      size: 3,
      iterator: async () => {
        let batch = 0
        return {
          next: async () => {
            if (batch++ === 3) return { value: null, done: true }
            const { x, y } = quarters(16, [12])
            return { value: { xs: x, ys: y }, done: false }
          },
        }
      },
    }
    await model.fitDataset(dataset as unknown as Parameters<Model['fitDataset']>[0], {
      epochs: 2,
      verbose: 0,
      callbacks: endOnSync(optimizer),
    })
    expect(optimizer.iterations).toBe(6)
    expectKernelsPermuted(model, before)
  })

  test('minimize works on variables without a model', () => {
    const w = tf.variable(tf.tensor2d([3, 1, 2, 6, 5, 4], [3, 2]))
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 1 })
    // The gradient of sum(w * c) is c, so SGD gives w - c = [[3-9, 1], [1+1, 6], ...].
    const c = tf.tensor2d([9, 0, 0, 0, 0, 0], [3, 2])
    const before = w.dataSync().slice()
    optimizer.minimize(() => tf.sum(tf.mul(w, c)), false, [w])
    // Column 0 was [3, 2, 5], became [-6, 2, 5], whose ranks are [0, 1, 2]: so [2, 3, 5]. Column 1 [1, 6, 4] keeps its ranking.
    expect([...before]).toEqual([3, 1, 2, 6, 5, 4])
    expect([...w.dataSync()]).toEqual([2, 1, 3, 6, 5, 4])
    optimizer.dispose()
    tf.dispose([w, c])
  })

  test('training, saving, synchronizing and disposing leak no tensor', async () => {
    const { x, y } = quarters(32, [12])
    const model = denseModel()
    const before = tf.memory().numTensors
    const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 2 })
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    await model.fit(x, y, { batchSize: 16, epochs: 1, verbose: 0, shuffle: false })
    const trained = tf.memory().numTensors
    await model.fit(x, y, { batchSize: 16, epochs: 3, verbose: 0, shuffle: false })
    expect(tf.memory().numTensors).toBe(trained)
    optimizer.syncNow()
    optimizer.withSynced(() => undefined)
    expect(tf.memory().numTensors).toBe(trained)
    // One theta_sorted for each of the two kernels, Adam's m and v for each of the four variables, its two powers of beta.
    expect(trained - before).toBe(2 + 8 + 2)
    for (let i = 0; i < 3; i++) await optimizer.getWeights()
    expect(tf.memory().numTensors - trained).toBeLessThanOrEqual(2)
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
    tf.dispose([x, y])
  })
})

test('a network with convolutions stays a permutation on cpu', async () => {
  await useBackend('cpu')
  const model = convModel()
  const optimizer = laperm(tf.train.momentum(0.05, 0.9), { syncPeriod: 3, model, onWarning: () => undefined })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const before = weightsOf(model)
  const { x, y } = quarters(48, [8, 8, 1])
  await model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0, shuffle: false })
  expectKernelsPermuted(model, before)
})

test('registered operations synchronize, and sort the initial weights too', async () => {
  await useBackend('cpu')
  let calls = 0
  const w = tf.variable(tf.tensor2d([0.5, -2, -0, 4], [4, 1]))
  const counted = <T extends tf.Tensor>(like: T, values: Float32Array): T => {
    calls++
    return tf.tensor(values, like.shape) as T
  }
  registerTensorOperations('cpu', {
    sort: (weights) =>
      counted(
        weights,
        weights
          .dataSync<'float32'>()
          .slice()
          .sort()
          .map((value) => value + 0),
      ),
    sync: (sorted, weights) => {
      const order = Array.from(weights.dataSync(), (value, i) => ({ value, i })).sort(
        (a, b) => a.value - b.value,
      )
      const result = new Float32Array(weights.size)
      const values = sorted.dataSync()
      order.forEach(({ i }, rank) => {
        result[i] = values[rank]
      })
      return counted(weights, result)
    },
  })
  try {
    expect(syncRoute()).toBe('registered')
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 1 })
    const gradient = tf.tensor2d([0, -10, 0, 0], [4, 1])
    optimizer.applyGradients({ [w.name]: gradient })
    // SGD gives [0.5, 8, 0, 4]: ranks 1, 3, 0, 2 of sorted -2, 0, 0.5, 4.
    expect([...w.dataSync()]).toEqual([0, 4, -2, 0.5])
    expect(calls).toBe(2)
  } finally {
    unregisterTensorOperations('cpu')
  }
  expect(syncRoute()).toBe('host')
})

/** Operations that give back what they were given. */
const clones: RegisteredOperations = { sort: (w) => w.clone(), sync: (sorted) => sorted.clone() }

test('NaN in a kernel stops training before anything is permuted, whichever way the backend ranks', async () => {
  await useBackend('cpu')
  for (const registered of [false, true]) {
    const w = tf.variable(tf.tensor2d([3, 1, 2, 4], [4, 1]), true, `nan${registered}`)
    const other = tf.variable(tf.tensor2d([3, 1], [2, 1]), true, `other${registered}`)
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 1 })
    if (registered) registerTensorOperations('cpu', clones)
    try {
      expect(() =>
        optimizer.applyGradients([
          { name: other.name, tensor: tf.tensor2d([8, 0], [2, 1]) },
          { name: w.name, tensor: tf.tensor2d([0, 0, Number.NaN, 0], [4, 1]) },
        ]),
      ).toThrow(`weight 2 of vector 0 of nan${registered} is NaN. Nothing was permuted.`)
    } finally {
      unregisterTensorOperations('cpu')
    }
    // SGD has stepped (3 - 8 = -5); a synchronization of `other` would have written [1, 3].
    expect([...other.dataSync()]).toEqual([-5, 1])
  }
})
