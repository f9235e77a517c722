/**
 * Epochs and training end on a synchronization, whatever else listens: validation and early stopping see permutations of the initial weights.
 */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { endOnSync, laperm } from '../src/index.ts'
import { denseModel, quarters, useBackend, vectorCount, vectorsAsSets, weightsOf } from './tiny-models.ts'
import { trained } from './trained.ts'

beforeEach(() => useBackend('cpu'))

describe('endOnSync', () => {
  test('synchronizes in each epoch’s last step, by the batches it was told', async () => {
    const { model, optimizer, x, y, isPermutation } = await trained(1000, 1)
    const seen: boolean[] = []
    const evaluated = { ...endOnSync(optimizer, { batchesPerEpoch: 4 }) }
    await model.fit(x, y, {
      batchSize: 8,
      epochs: 2,
      verbose: 0,
      shuffle: false,
      callbacks: [
        evaluated,
        {
          onBatchEnd: () => {
            seen.push(isPermutation())
          },
        },
      ],
    })
    expect(seen).toEqual([false, false, false, true, false, false, false, true])
  })

  test('stops early only on a synchronization', async () => {
    const { model, optimizer, x, y, isPermutation } = await trained(3, 3)
    await model.fit(x, y, {
      batchSize: 4,
      epochs: 5,
      verbose: 0,
      shuffle: false,
      callbacks: endOnSync(optimizer, { stop: { model, when: (_epoch, batch) => batch >= 3 } }),
    })
    // Wanted from the 4th batch on; the next synchronization is at the 6th.
    expect(optimizer.iterations).toBe(3 + 6)
    expect(isPermutation()).toBe(true)
  })

  test('refuses a number of batches that is none', async () => {
    const { model, optimizer, x, y, isPermutation } = await trained(1000, 1)
    await model.fit(x, y, {
      batchSize: 8,
      epochs: 1,
      verbose: 0,
      shuffle: false,
      callbacks: endOnSync(optimizer),
    })
    expect([optimizer.stepsSinceSync, isPermutation()]).toEqual([0, true])
    expect(() => endOnSync(optimizer, { batchesPerEpoch: 0 })).toThrow('batchesPerEpoch')
  })

  test.each([
    ['alone', (ours: object) => ours],
    ['in a list of plain callbacks', (ours: object) => [{}, ours]],
    ['behind tfjs’s own', (ours: object) => [tfl.callbacks.earlyStopping({ patience: 9 }), ours]],
  ])(
    '%s it knows the batches of fit from tfjs, so that validation sees synchronized weights',
    async (_, listed) => {
      const model = denseModel(3)
      const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 1000, model })
      const initial = weightsOf(model)
      const validated: boolean[] = []
      // A metric sees the weights at the moment at which they are validated.
      const isPermutation = (_: tf.Tensor, predicted: tf.Tensor): tf.Tensor => {
        const holds = weightsOf(model).every((values, i) => {
          const { shape } = model.trainableWeights[i]
          if (shape.length === 1) return true
          const count = vectorCount(shape)
          return `${vectorsAsSets(values, count)}` === `${vectorsAsSets(initial[i], count)}`
        })
        return tf.mul(tf.onesLike(tf.slice(predicted, [0, 0], [-1, 1])), holds ? 1 : 0)
      }
      model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: [isPermutation] })
      const { x, y } = quarters(30, [12])
      const warnings: string[] = []
      const ours = endOnSync(optimizer, { onWarning: (message) => warnings.push(message) })
      const { history } = await model.fit(x, y, {
        batchSize: 8,
        epochs: 3,
        verbose: 0,
        validationData: [x, y],
        callbacks: listed(ours) as Parameters<typeof model.fit>[2] extends { callbacks?: infer C }
          ? C
          : never,
      })
      validated.push(...(history['val_isPermutation'] as number[]).map((share) => share === 1))
      expect(validated).toEqual([true, true, true])
      expect([warnings, optimizer.iterations, optimizer.stepsSinceSync]).toEqual([[], 12, 0])
    },
  )

  test('early stopping ends training on a synchronization', async () => {
    const { model, optimizer, x, y, isPermutation } = await trained(1000, 1)
    const { epoch } = await model.fit(x, y, {
      batchSize: 8,
      epochs: 9,
      verbose: 0,
      validationData: [x, y],
      // Nothing is an improvement of 100.
      callbacks: [
        tfl.callbacks.earlyStopping({ monitor: 'val_loss', minDelta: 100, patience: 2 }),
        endOnSync(optimizer),
      ],
    })
    expect(epoch).toEqual([0, 1, 2])
    expect(isPermutation()).toBe(true)
  })

  test('of a dataset without a size it counts the first epoch, and says that its validation was unsynchronized', async () => {
    const { model, optimizer, x, y } = await trained(1000, 1)
    const dataset = {
      size: null,
      iterator: async () => {
        let batch = 0
        return {
          next: async () =>
            batch++ === 3
              ? { value: null, done: true }
              : { value: { xs: x.clone(), ys: y.clone() }, done: false },
        }
      },
    }
    const warnings: string[] = []
    await model.fitDataset(dataset as unknown as Parameters<typeof model.fitDataset>[0], {
      epochs: 3,
      verbose: 0,
      validationData: [x, y],
      callbacks: endOnSync(optimizer, { onWarning: (message) => warnings.push(message) }),
    })
    expect(warnings).toEqual([
      'endOnSync: the val_ figures of epoch 1 are of unsynchronized weights, because the number of batches was not known before its end. Give { batchesPerEpoch: 3 }.',
    ])
    expect(optimizer.stepsSinceSync).toBe(0)
  })
})
