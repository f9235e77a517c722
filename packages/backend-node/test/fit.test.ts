/**
 * `@laperm/tfjs` on TensorFlow's runtime: ranking stays on the device, and training ends on permutations.
 */
import { laperm, registerTensorOperations, syncRoute, unregisterTensorOperations } from '@laperm/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeBackend } from '../../../test/devices/tensorflow.ts'
import { type TensorFlowBackend, tfjsBackendName } from '../src/index.ts'

const backend = await nodeBackend()

const columnBits = (values: Float32Array, count: number): readonly (readonly number[])[] => {
  const bits = new Uint32Array(values.slice().buffer)
  return Array.from({ length: count }, (_, j) =>
    [...bits.filter((_, p) => p % count === j)].sort((a, b) => a - b),
  )
}

describe.skipIf(backend === undefined)('LaPerm on the tensorflow backend', () => {
  let before: string
  beforeAll(async () => {
    before = tf.getBackend()
    await tf.setBackend(tfjsBackendName)
  })
  afterAll(async () => {
    unregisterTensorOperations(tfjsBackendName)
    if (before !== undefined) await tf.setBackend(before)
  })

  test.each(['host', 'registered'] as const)(
    'fit of a convolutional network ends with kernels permuted, %s ranking',
    async (route) => {
      if (route === 'registered')
        registerTensorOperations(tfjsBackendName, (backend as TensorFlowBackend).tensors)
      expect(syncRoute()).toBe(route)
      const he = (seed: number) => tfl.initializers.heUniform({ seed })
      const model = tfl.sequential({
        layers: [
          tfl.layers.conv2d({
            filters: 8,
            kernelSize: 3,
            inputShape: [12, 12, 1],
            activation: 'relu',
            kernelInitializer: he(1),
          }),
          tfl.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', kernelInitializer: he(2) }),
          tfl.layers.flatten(),
          tfl.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: he(3) }),
        ],
      })
      // Six steps of 0.05 cross the gaps between nine weights of +-0.8; far fewer or smaller ones would leave every ranking as it was.
      const optimizer = laperm(tf.train.adam(0.05), { syncPeriod: 6, model })
      model.compile({ optimizer, loss: 'categoricalCrossentropy' })
      const weights = () =>
        model.trainableWeights.map((weight) => weight.read().dataSync<'float32'>().slice())
      const initial = weights()
      const x = tf.randomUniform([24, 12, 12, 1], 0, 1, 'float32', 1)
      const y = tf.oneHot(
        tf.tensor1d(
          Int32Array.from({ length: 24 }, (_, i) => i % 3),
          'int32',
        ),
        3,
      )
      await model.fit(x, y, { batchSize: 4, epochs: 1, verbose: 0, shuffle: false })
      const tensors = tf.memory().numTensors
      await model.fit(x, y, { batchSize: 4, epochs: 1, verbose: 0, shuffle: false })
      expect(tf.memory().numTensors).toBe(tensors)
      expect(optimizer.stepsSinceSync).toBe(0)
      weights().forEach((values, i) => {
        const { shape } = model.trainableWeights[i]
        if (shape.length === 1) return
        const count = Number(shape.at(-1))
        expect([...values]).not.toEqual([...initial[i]])
        expect(columnBits(values, count)).toEqual(columnBits(initial[i], count))
      })
      optimizer.dispose()
      tf.dispose([x, y])
    },
  )
})
