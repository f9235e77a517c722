/** One epoch of `model.fit` with LaPerm on whatever backend is active, and what has become of the weights. */
import { checkPermutation } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { either as E } from 'fp-ts'
import { laperm, syncRoute } from '../../src/index.ts'

/** Plain data: it travels from a page to its test. */
export interface Epoch {
  readonly route: string
  readonly steps: number
  readonly weightVectors: number
  /** Vectors that hold exactly their initial weights, bit for bit. */
  readonly permutedVectors: number
  /** Share of the weights that are in a new place. */
  readonly moved: number
  /** Mean accuracy of the epoch's batches. */
  readonly accuracy: number
}

export const batchSize = 250

const kernelsOf = async (model: tfl.LayersModel) => {
  const kernels = model.trainableWeights.filter(({ shape }) => shape.length === 2)
  return Promise.all(
    kernels.map(async (kernel) => {
      const [length, count] = kernel.shape as [number, number]
      return { values: Float32Array.from(await kernel.read().data()), length, count }
    }),
  )
}

/**
 * @param images `[count, 784]`, 0..255; @param labels `[count]`. `count` must be a multiple of 20 batches, so that the epoch ends on a
 * synchronization.
 */
export const fitOneEpoch = async (images: Uint8Array, labels: Uint8Array): Promise<Epoch> => {
  const he = (seed: number) => tfl.initializers.heUniform({ seed })
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 32, inputShape: [784], activation: 'relu', kernelInitializer: he(1) }),
      tfl.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: he(2) }),
    ],
  })
  const optimizer = laperm(tf.train.adam(1e-3), { syncPeriod: 20, model })
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const initial = await kernelsOf(model)
  const x = tf.tensor2d(
    Float32Array.from(images, (value) => value / 255),
    [labels.length, 784],
  )
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10), 'float32'))
  const { history } = await model.fit(x, y, { batchSize, epochs: 1, verbose: 0, shuffle: false })
  await optimizer.checkDiverged()
  const trained = await kernelsOf(model)
  const checked = trained.map((kernel, i) => checkPermutation(initial[i], kernel))
  const weights = trained.reduce((sum, { values }) => sum + values.length, 0)
  const moved = trained.reduce(
    (sum, { values }, i) => sum + values.filter((value, k) => value !== initial[i].values[k]).length,
    0,
  )
  const epoch: Epoch = {
    route: syncRoute(),
    steps: optimizer.iterations,
    weightVectors: initial.reduce((sum, { count }) => sum + count, 0),
    permutedVectors: checked.reduce((sum, each) => sum + (E.isRight(each) ? each.right : 0), 0),
    moved: moved / weights,
    accuracy: Number(history['acc']?.[0]),
  }
  optimizer.dispose()
  model.dispose()
  tf.dispose([x, y])
  return epoch
}
