/** One epoch with LaPerm in Node: on cpu, on wasm, and on TensorFlow's runtime with its own kernel. */
import { syncTensor } from '@laperm/backend-node'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test } from 'vitest'
import { nodeBackend } from '../../../backend-node/test/tensorflow.ts'
import { registerSyncKernel, unregisterSyncKernel } from '../../src/index.ts'
import { useBackend } from '../tiny-models.ts'
import { trainingExamples } from './examples.ts'
import { batchSize, fitOneEpoch } from './one-epoch.ts'

const { name, images, labels } = await trainingExamples()
const tensorflow = (await nodeBackend()) === undefined ? [] : (['tensorflow'] as const)

describe(`after one epoch of ${name} with model.fit`, () => {
  afterAll(() => unregisterSyncKernel('tensorflow'))

  test.each(['cpu', 'wasm', ...tensorflow] as const)(
    'every kernel is a permutation of its initial value on %s',
    async (backend) => {
      if (backend === 'tensorflow') {
        await tf.setBackend(backend)
        registerSyncKernel(backend, syncTensor)
      } else await useBackend(backend)
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
