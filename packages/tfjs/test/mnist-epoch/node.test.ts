/** One epoch with LaPerm in Node: on cpu, on wasm, and on TensorFlow's runtime with its own kernel. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test } from 'vitest'
import { nodeBackend } from '../../../../test/devices/tensorflow.ts'
import { registerTensorOperations, unregisterTensorOperations } from '../../src/index.ts'
import { useBackend } from '../tiny-models.ts'
import { firstOf, trainingExamples } from './examples.ts'
import { batchSize, fitOneEpoch } from './one-epoch.ts'

const all = await trainingExamples()
const examplesOf = { cpu: firstOf(all, 20_000), wasm: all, tensorflow: all }
const node = await nodeBackend()
const tensorflow = node === undefined ? [] : (['tensorflow'] as const)

describe(`after one epoch of ${all.name} with model.fit, on cpu of its first 20,000 examples`, () => {
  afterAll(() => unregisterTensorOperations('tensorflow'))

  test.each(['cpu', 'wasm', ...tensorflow] as const)(
    'every kernel is a permutation of its initial value on %s',
    async (backend) => {
      if (backend !== 'tensorflow') await useBackend(backend)
      else if (node !== undefined) {
        await tf.setBackend(backend)
        registerTensorOperations(backend, node.tensors)
      }
      const { images, labels } = examplesOf[backend]
      const epoch = await fitOneEpoch(images, labels)
      expect(epoch).toMatchObject({
        route: backend === 'tensorflow' ? 'registered' : 'host',
        steps: labels.length / batchSize,
        weightVectors: 42,
        permutedVectors: 42,
      })
      expect(epoch.moved).toBeGreaterThan(0.5)
      expect(epoch.accuracy).toBeGreaterThan(0.5)
    },
  )
})
