/**
 * A weight vector is all incoming weights of one neuron, in every layer class of tfjs-layers: each neuron is gathered by its coordinates here, and
 * synchronized by core's reference.
 */
import * as reference from '@laperm/core/reference'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { laperm } from '../src/index.ts'
import { type KernelOfLayer, layerCases } from './layer-models.ts'
import { bits, useBackend } from './tiny-models.ts'

const quiet = { onWarning: () => undefined }

const coordinatesOf = (place: number, shape: readonly number[]): readonly number[] =>
  shape.map((extent, axis) => Math.floor(place / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % extent)

/** The reference's synchronization, neuron by neuron. */
const expectedSync = (
  initial: Float32Array,
  trained: Float32Array,
  shape: readonly number[],
  { neuronOf }: KernelOfLayer,
): { readonly values: Float32Array; readonly neurons: number } => {
  const places = new Map<string, number[]>()
  for (const place of initial.keys()) {
    const neuron = neuronOf(coordinatesOf(place, shape))
    places.set(neuron, [...(places.get(neuron) ?? []), place])
  }
  const values = new Float32Array(initial.length)
  for (const neuron of places.values()) {
    const vector = (of: Float32Array) => ({
      values: Float32Array.from(neuron, (place) => of[place]),
      length: neuron.length,
      count: 1,
    })
    const synced = reference.sync(reference.sort(vector(initial)), vector(trained))
    neuron.forEach((place, i) => {
      values[place] = synced.values[i]
    })
  }
  return { values, neurons: places.size }
}

const read = (variable: tf.Tensor) => variable.dataSync<'float32'>().slice()

/** Two steps along gradients that have nothing to do with the weights, so that every neuron is reordered. */
const train = (optimizer: tf.Optimizer, model: tfl.LayersModel) => {
  for (let step = 0; step < 2; step++)
    tf.tidy(() =>
      optimizer.applyGradients(
        model.trainableWeights.map((weight, i) => {
          const { name, shape } = weight.read() as tf.Variable
          return { name, tensor: tf.randomUniform(shape, -1, 1, 'float32', 17 * step + i) }
        }),
      ),
    )
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeEach(() => useBackend(backend))

  test.each(layerCases)('the neurons of $layer keep their weights', async ({ make, kernels }) => {
    const model = make()
    const kernelOf = ({ name }: KernelOfLayer) => {
      const weight = model.trainableWeights.find((each) => each.originalName.endsWith(`/${name}`))
      if (weight === undefined) throw new Error(`no ${name}`)
      return weight.read()
    }
    const initial = kernels.map((kernel) => read(kernelOf(kernel)))
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 1000, model, ...quiet })
    train(optimizer, model)
    const trained = kernels.map((kernel) => read(kernelOf(kernel)))
    const expected = kernels.map((kernel, i) =>
      expectedSync(initial[i], trained[i], kernelOf(kernel).shape, kernel),
    )
    expect(expected.map(({ neurons }) => neurons)).toEqual(kernels.map(({ neurons }) => neurons))
    const report = await optimizer.withSynced(async () => {
      kernels.forEach((kernel, i) => {
        expect(bits(read(kernelOf(kernel))), kernel.name).toEqual(bits(expected[i].values))
      })
      return optimizer.checkPermutations()
    })
    const weightVectors = kernels.reduce((sum, { neurons }) => sum + neurons, 0)
    expect(report).toEqual({ weightVectors, permutedVectors: weightVectors, isPermutation: true })
    expect((await optimizer.checkPermutations()).isPermutation).toBe(false)
    optimizer.dispose()
    model.dispose()
  })

  test('PReLU and batch normalization are trained freely', () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 3] }),
        tfl.layers.prelu({ alphaInitializer: 'randomUniform' }),
        tfl.layers.batchNormalization(),
      ],
    })
    const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 2, model })
    const free = laperm(tf.train.sgd(1), { syncPeriod: 1000, model })
    const before = model.getWeights().map((weight) => weight.clone())
    train(optimizer, model)
    const synced = model.trainableWeights.map((weight) => bits(read(weight.read())))
    model.setWeights(before)
    train(free, model)
    const trained = model.trainableWeights.map((weight) => bits(read(weight.read())))
    const names = model.trainableWeights.map(({ originalName }) => originalName.split('/').at(-1))
    expect(names.filter((_, i) => `${synced[i]}` !== `${trained[i]}`)).toEqual(['kernel'])
  })
})

test('a weight that changed its neuron is found', async () => {
  await useBackend('cpu')
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2dTranspose({ filters: 2, kernelSize: 1, useBias: false, inputShape: [1, 1, 3] }),
    ],
  })
  model.layers[0].setWeights([tf.tensor([1, 2, 3, 10, 20, 30], [1, 1, 2, 3])])
  const optimizer = laperm(tf.train.sgd(1), { syncPeriod: 1000, model, ...quiet }).attach(model)
  model.layers[0].setWeights([tf.tensor([10, 2, 3, 1, 20, 30], [1, 1, 2, 3])])
  optimizer.acceptWeights()
  expect(await optimizer.checkPermutations()).toMatchObject({
    weightVectors: 2,
    permutedVectors: 0,
    firstDifference: { vector: 0, position: 0, expected: 1, actual: 2 },
  })
})
