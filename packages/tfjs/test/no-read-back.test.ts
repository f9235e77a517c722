/**
 * On WebGPU nothing can be read synchronously. A stand-in takes its name and its rule here: cpu's kernels, and `readSync` throws.
 */
import * as cpu from '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  endOnSync,
  laperm,
  lookahead,
  registerTensorOperations,
  syncRoute,
  unregisterTensorOperations,
} from '../src/index.ts'
import { bits, denseModel, quarters, vectorCount, vectorsAsSets } from './tiny-models.ts'

/** cpu's kernels look at their own memory through `bufferSync` and `read`; only `dataSync` from outside is refused. */
class NoReadBack extends cpu.MathBackendCPU {
  #inside = false
  #lookInside<T>(look: () => T): T {
    const before = this.#inside
    this.#inside = true
    try {
      return look()
    } finally {
      this.#inside = before
    }
  }
  override readSync(dataId: object) {
    if (!this.#inside) throw new Error('webgpu cannot be read synchronously')
    return super.readSync(dataId)
  }
  override bufferSync<R extends tf.Rank, D extends tf.DataType>(tensor: tf.TensorInfo) {
    return this.#lookInside(() => super.bufferSync<R, D>(tensor))
  }
  override async read(dataId: object) {
    return this.#lookInside(() => super.readSync(dataId))
  }
}

beforeAll(async () => {
  tf.registerBackend('webgpu', () => new NoReadBack())
  tf.copyRegisteredKernels('cpu', 'webgpu')
  await tf.setBackend('webgpu')
})
afterAll(async () => {
  await tf.setBackend('cpu')
  tf.removeBackend('webgpu')
})

const read = async (model: ReturnType<typeof denseModel>): Promise<readonly Float32Array[]> =>
  Promise.all(model.trainableWeights.map(async (weight) => (await weight.read().data<'float32'>()).slice()))

test('the stand-in does refuse to be read', () => {
  expect(() => tf.zeros([2]).dataSync()).toThrow('cannot be read synchronously')
  expect(syncRoute()).toBe('counting')
})

test('fit ends with every kernel a permutation of its initial value, without a read-back', async () => {
  const model = denseModel(21)
  const before = await read(model)
  const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 3 })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const { x, y } = quarters(32, [12])
  await model.fit(x, y, {
    batchSize: 8,
    epochs: 2,
    verbose: 0,
    shuffle: false,
    callbacks: endOnSync(optimizer),
  })
  const after = await read(model)
  after.forEach((values, i) => {
    const { shape } = model.trainableWeights[i]
    if (shape.length === 1) return
    const count = vectorCount(shape)
    expect(bits(values)).not.toEqual(bits(before[i]))
    expect(vectorsAsSets(values, count)).toEqual(vectorsAsSets(before[i], count))
  })
  await expect(optimizer.checkDiverged()).resolves.toBeUndefined()
})

test.each(['laperm', 'laperm with registered operations', 'lookahead'])(
  'with %s, NaN permutes nothing, and checkDiverged says where it is',
  async (name) => {
    const w = tf.variable(tf.tensor2d([3, 1, 2, 4], [4, 1]), true, `${name}/w`)
    const other = tf.variable(tf.tensor2d([3, 1], [2, 1]), true, `${name}/other`)
    const optimizer =
      name === 'lookahead'
        ? lookahead(tf.train.sgd(1), { syncPeriod: 1 })
        : laperm(tf.train.sgd(1), { syncPeriod: 1 })
    if (name === 'laperm with registered operations')
      registerTensorOperations('webgpu', { sort: (w) => w.clone(), sync: (sorted) => sorted.clone() })
    try {
      const step = (nan: number) =>
        optimizer.applyGradients([
          { name: other.name, tensor: tf.tensor2d([8, 0], [2, 1]) },
          { name: w.name, tensor: tf.tensor2d([0, 0, nan, 0], [4, 1]) },
        ])
      step(Number.NaN)
      // SGD alone: 3 - 8 and 1; a synchronization would have written other values.
      expect([...(await other.data())]).toEqual([-5, 1])
      step(0)
      expect([...(await other.data())]).toEqual([-13, 1])
      await expect(optimizer.checkDiverged()).rejects.toThrow(`weight 2 of vector 0 of ${name}/w is NaN`)
    } finally {
      unregisterTensorOperations('webgpu')
      optimizer.dispose()
    }
  },
)
