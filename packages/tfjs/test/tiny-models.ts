/**
 * Networks small enough for every backend, with the weights and the data that the tests share.
 */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-cpu'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'

const wasmPackage = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')

/** Make a backend active. */
export const useBackend = async (name: 'cpu' | 'wasm'): Promise<void> => {
  if (name === 'wasm') {
    setThreadsCount(1)
    setWasmPaths(join(dirname(wasmPackage), 'dist/'))
  }
  if (!(await tf.setBackend(name))) throw new Error(`tfjs has no backend ${name}`)
  await tf.ready()
}

/** 12 -> 16 -> 4, relu and softmax. With `batchNorm`, a gamma and a beta as well. */
export const denseModel = (seed = 1, batchNorm = false): tfl.Sequential =>
  tfl.sequential({
    layers: [
      tfl.layers.dense({
        units: 16,
        inputShape: [12],
        activation: 'relu',
        kernelInitializer: tfl.initializers.heUniform({ seed }),
        biasInitializer: tfl.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed }),
      }),
      ...(batchNorm ? [tfl.layers.batchNormalization()] : []),
      tfl.layers.dense({
        units: 4,
        activation: 'softmax',
        kernelInitializer: tfl.initializers.heUniform({ seed: seed + 1 }),
      }),
    ],
  })

/** Two convolutions, a pool and a dense layer on 8 x 8 images. */
export const convModel = (): tfl.Sequential =>
  tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 1],
        activation: 'relu',
        kernelInitializer: tfl.initializers.heUniform({ seed: 5 }),
      }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.flatten(),
      tfl.layers.dense({
        units: 4,
        activation: 'softmax',
        kernelInitializer: tfl.initializers.heUniform({ seed: 6 }),
      }),
    ],
  })

/** `count` examples of four classes: a class is the quarter of the inputs with the largest sum. */
export const quarters = (count: number, shape: readonly number[]): { x: tf.Tensor; y: tf.Tensor } =>
  tf.tidy(() => {
    const size = shape.reduce((product, axis) => product * axis, 1)
    const x = tf.randomUniform([count, size], 0, 1, 'float32', 3)
    const sums = tf.sum(tf.reshape(x, [count, 4, size / 4]), 2)
    const y = tf.oneHot(tf.cast(tf.argMax(sums, 1), 'int32'), 4)
    return { x: tf.reshape(x, [count, ...shape]), y: tf.cast(y, 'float32') }
  })

/** The bits of every trainable variable, by position. */
export const weightsOf = (model: tfl.LayersModel): readonly Float32Array[] =>
  model.trainableWeights.map((weight) => weight.read().dataSync<'float32'>().slice())

/** float32 as integers, so that comparing them compares bits. */
export const bits = (values: ArrayLike<number>): readonly number[] =>
  Array.from(new Uint32Array(Float32Array.from(values).buffer))

/** Every weight vector's bits, sorted: equal for two variables exactly when one is a permutation of the other, vector by vector. */
export const vectorsAsSets = (values: Float32Array, count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, j) =>
    bits(values.filter((_, i) => i % count === j))
      .slice()
      .sort((a, b) => a - b),
  )

/** Neurons of a variable: its last axis, or one vector for a variable of one axis. */
export const vectorCount = (shape: readonly (number | null)[]): number =>
  shape.length === 1 ? 1 : Number(shape.at(-1))
