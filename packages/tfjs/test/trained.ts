/** A small network that LaPerm has trained for some steps, with its data. */
import * as tf from '@tensorflow/tfjs-core'
import { laperm } from '../src/index.ts'
import { denseModel, quarters, vectorCount, vectorsAsSets, weightsOf } from './tiny-models.ts'

/** @returns also whether every kernel is, at this moment, a permutation of its initial value. */
export const trained = async (syncPeriod: number, steps: number) => {
  const model = denseModel(3)
  const optimizer = laperm(tf.train.adam(0.01), { syncPeriod, model })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const initial = weightsOf(model)
  const { x, y } = quarters(32, [12])
  for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y)
  const isPermutation = () =>
    weightsOf(model).every((values, i) => {
      const { shape } = model.trainableWeights[i]
      if (shape.length === 1) return true
      const count = vectorCount(shape)
      return JSON.stringify(vectorsAsSets(values, count)) === JSON.stringify(vectorsAsSets(initial[i], count))
    })
  return { model, optimizer, x, y, isPermutation }
}
