/**
 * Kernel, bias, gamma and beta are told apart by the layer that owns them.
 */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, expect, test } from 'vitest'
import { laperm } from '../src/index.ts'
import { rolesOf, trainableVariables } from '../src/variable-role.ts'
import { denseModel, quarters, useBackend, vectorsAsSets, weightsOf } from './tiny-models.ts'

beforeEach(() => useBackend('cpu'))

const rolesIn = (model: tfl.LayersModel) => rolesOf(trainableVariables(model), ['kernel'], model, undefined)

test('every layer class of tfjs-layers that trains weights is known', () => {
  const images = tfl.input({ shape: [8, 8, 2] })
  const conv = tfl.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }).apply(images)
  const separable = tfl.layers.separableConv2d({ filters: 4, kernelSize: 3 }).apply(conv)
  const depthwise = tfl.layers.depthwiseConv2d({ kernelSize: 3 }).apply(separable)
  const transposed = tfl.layers.conv2dTranspose({ filters: 2, kernelSize: 3 }).apply(depthwise)
  const normalized = tfl.layers.layerNormalization().apply(transposed)
  const sloped = tfl.layers.prelu().apply(normalized)
  const model = tfl.model({ inputs: images, outputs: sloped as tfl.SymbolicTensor })
  expect(rolesIn(model)).toEqual([
    ...['kernel', 'bias'],
    ...['kernel', 'kernel', 'bias'],
    ...['kernel', 'bias'],
    ...['kernel', 'bias'],
    ...['gamma', 'beta'],
    'other',
  ])
  // The default, orthogonal, needs tfjs-core's chained operations, which only the bundle @tensorflow/tfjs registers.
  const recurrentInitializer = 'glorotUniform'
  const words = tfl.sequential({
    layers: [
      tfl.layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 }),
      tfl.layers.bidirectional({
        layer: tfl.layers.lstm({ units: 3, returnSequences: true, recurrentInitializer }),
        mergeMode: 'concat',
      }),
      tfl.layers.timeDistributed({ layer: tfl.layers.dense({ units: 2 }) }),
      tfl.layers.rnn({
        cell: [
          tfl.layers.gruCell({ units: 2, recurrentInitializer }),
          tfl.layers.simpleRNNCell({ units: 2, recurrentInitializer }),
        ],
      }),
      tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] }),
    ],
  })
  const lstm = ['kernel', 'kernel', 'bias']
  expect(rolesIn(words)).toEqual([
    'kernel',
    ...lstm,
    ...lstm,
    'kernel',
    'bias',
    ...lstm,
    ...lstm,
    'kernel',
    'bias',
  ])
})

test('biases are permuted and gamma and beta are not, where only biases are named', async () => {
  const model = denseModel(4, true)
  const optimizer = laperm(tf.train.sgd(0.5), { syncPeriod: 2, permute: ['bias'], model })
  model.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const before = weightsOf(model)
  const { x, y } = quarters(32, [12])
  for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y)
  const permuted = weightsOf(model).map(
    (values, i) => JSON.stringify(vectorsAsSets(values, 1)) === JSON.stringify(vectorsAsSets(before[i], 1)),
  )
  expect(permuted).toEqual([false, true, false, false, false, true])
  tf.dispose([x, y])
})

test('without a model a shape answers for kernels only', () => {
  const kernel = tf.variable(tf.zeros([2, 3]))
  const vector = tf.variable(tf.zeros([3]), true, 'some_vector')
  expect(rolesOf([kernel, vector], ['kernel'], undefined, undefined)).toEqual(['kernel', 'other'])
  expect(() => rolesOf([kernel, vector], ['kernel', 'bias'], undefined, undefined)).toThrow(
    'variable some_vector [3] could be a bias, a gamma or a beta',
  )
  const roleOf = (variable: tf.Variable) => (variable.name === 'some_vector' ? 'beta' : undefined)
  expect(rolesOf([kernel, vector], ['kernel', 'beta'], undefined, roleOf)).toEqual(['kernel', 'beta'])
})

test('a weight of an unknown layer class is named, not skipped', () => {
  class Scale extends tfl.layers.Layer {
    static className = 'Scale'
    override build(shape: tfl.Shape): void {
      this.addWeight('scale', [Number(shape[1])], 'float32', tfl.initializers.ones())
      this.built = true
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return Array.isArray(inputs) ? inputs[0] : inputs
    }
  }
  const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [3] }), new Scale()] })
  expect(() => rolesIn(model)).toThrow(/cannot tell what variable scale_Scale\d+\/scale \[3\] is/)
})

test('a role that cannot be permuted is refused at once', () => {
  expect(() => laperm(tf.train.sgd(1), { syncPeriod: 1, permute: ['movingMean' as 'kernel'] })).toThrow(
    'permute: movingMean is no role that can be permuted',
  )
})
