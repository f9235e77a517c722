/**
 * Kernel, bias, gamma and beta are told apart by the layer that owns them.
 */
import type { ParameterRole } from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, expect, test } from 'vitest'
import { laperm, type RoleOf } from '../src/index.ts'
import { trainableVariables } from '../src/layer-weights.ts'
import { usesOf } from '../src/variable-use.ts'
import { denseModel, quarters, useBackend, vectorsAsSets, weightsOf } from './tiny-models.ts'

beforeEach(() => useBackend('cpu'))

const rolesIn = (model: tfl.LayersModel) =>
  usesOf(trainableVariables(model), ['kernel'], { model }).map(({ role }) => role)
const rolesByShape = (
  variables: readonly tf.Variable[],
  permuted: readonly ParameterRole[],
  roleOf?: RoleOf,
) => usesOf(variables, permuted, { roleOf }).map(({ role }) => role)

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
  expect(rolesByShape([kernel, vector], ['kernel'])).toEqual(['kernel', 'other'])
  expect(() => rolesByShape([kernel, vector], ['kernel', 'bias'])).toThrow(
    'variable some_vector [3] could be a bias, a gamma or a beta',
  )
  const roleOf = (variable: tf.Variable) => (variable.name === 'some_vector' ? 'beta' : undefined)
  expect(rolesByShape([kernel, vector], ['kernel', 'beta'], roleOf)).toEqual(['kernel', 'beta'])
})

/** A layer of one's own: a kernel `[out, kh, kw, in]`. */
class OutputFirst extends tfl.layers.Layer {
  static className = 'OutputFirst'
  override build(): void {
    this.addWeight('kernel', [2, 1, 1, 3], 'float32', tfl.initializers.ones())
    this.built = true
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return Array.isArray(inputs) ? inputs[0] : inputs
  }
}

test('a weight of an unknown layer class is named, not skipped', () => {
  const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [3] }), new OutputFirst()] })
  expect(() => rolesIn(model)).toThrow(/cannot tell what variable .*\/kernel \[2,1,1,3\] is/)
})

test('the neurons of a layer of one’s own are those that neuronAxesOf names', () => {
  const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [3] }), new OutputFirst()] })
  const variables = trainableVariables(model)
  const roleOf = () => 'kernel' as const
  expect(() => usesOf(variables, ['kernel'], { model, roleOf })).toThrow(
    /neuronAxesOf: variable .*\/kernel \[2,1,1,3\] is a kernel of no known layer class/,
  )
  expect(() => usesOf(variables, ['kernel'], { model, roleOf, neuronAxesOf: () => [4] })).toThrow(
    'neuronAxes',
  )
  model.setWeights([tf.tensor([1, 2, 3, 10, 20, 30], [2, 1, 1, 3])])
  const optimizer = laperm(tf.train.sgd(1), {
    syncPeriod: 1,
    model,
    roleOf,
    neuronAxesOf: () => [0],
    onWarning: () => undefined,
  })
  // SGD arrives at 3 1 2 and 10 30 20.
  optimizer.applyGradients([
    { name: variables[0].name, tensor: tf.tensor([-2, 1, 1, 0, -10, 10], [2, 1, 1, 3]) },
  ])
  expect([...variables[0].dataSync()]).toEqual([3, 1, 2, 10, 30, 20])
})

test('without a model what a shape cannot tell is asked for, never guessed', () => {
  const named = (shape: number[], name: string) => tf.variable(tf.zeros(shape), true, name)
  expect(() => rolesByShape([named([3, 3, 2, 4], 'ambiguous/four')], ['kernel'])).toThrow(
    'model: variable ambiguous/four [3,3,2,4] could be the kernel of a convolution, of a transposed or of a depthwise one',
  )
  expect(() => rolesByShape([named([8, 8, 4], 'ambiguous/three')], ['kernel'])).toThrow(
    'Conv1D kernel or PReLU’s slopes',
  )
  // PReLU behind a recurrent layer.
  expect(() => rolesByShape([named([5, 4], 'sloped/alpha')], ['kernel'])).toThrow(
    'a kernel or PReLU’s slopes',
  )
  // Nothing depends on it where kernels are not permuted.
  expect(
    rolesByShape([named([3, 3, 2, 4], 'ambiguous/free')], ['bias'], (v) =>
      v.rank === 1 ? 'bias' : undefined,
    ),
  ).toEqual(['kernel'])
  const told = usesOf([named([3, 3, 2, 4], 'told/kernel')], ['kernel'], { neuronAxesOf: () => [2] })
  expect(told).toEqual([{ role: 'kernel', neuronAxes: [2], layers: [] }])
})

test('a role that cannot be permuted is refused at once', () => {
  expect(() => laperm(tf.train.sgd(1), { syncPeriod: 1, permute: ['movingMean' as 'kernel'] })).toThrow(
    'permute: movingMean is no role that can be permuted',
  )
})
