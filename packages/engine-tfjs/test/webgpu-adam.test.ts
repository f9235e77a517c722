import { adamSpec, makeRandom } from '@laperm/core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { useSoftwareVulkan } from '../../../test/devices/dawn.ts'
import { assertWantedDevice } from '../../../test/devices/hardware.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { makeWebGpuEngine } from '../src/webgpu.ts'
import { makeWebGpuAdam } from '../src/webgpu-adam.ts'

useSoftwareVulkan()
const made = await makeWebGpuEngine({ allowSoftware: true })()
if (E.isLeft(made)) reportMissing('dawn', JSON.stringify(made.left))
else assertWantedDevice(made.right.describe)

const steps = 5
const learningRate = 0.01

const drawn = (size: number, step: number): Float32Array => {
  const random = makeRandom(1, 'adam', step)
  return Float32Array.from({ length: size }, () => 2 * random.nextUniform() - 1)
}

/** Adam in float64, as Kingma and Ba have it; epsilon beside the corrected root as in tfjs, or beside the plain one as in Keras. */
const adam64 = (size: number, epsilon: number, placement: 'keras' | 'tfjs'): readonly number[] => {
  const [m, v] = [new Float64Array(size), new Float64Array(size)]
  const w = Float64Array.from(drawn(size, 0))
  for (let t = 1; t <= steps; t++) {
    const g = drawn(size, t)
    for (let i = 0; i < size; i++) {
      m[i] = adamSpec.beta1 * m[i] + (1 - adamSpec.beta1) * g[i]
      v[i] = adamSpec.beta2 * v[i] + (1 - adamSpec.beta2) * g[i] ** 2
      const [mean, root] = [m[i] / (1 - adamSpec.beta1 ** t), Math.sqrt(v[i] / (1 - adamSpec.beta2 ** t))]
      const beside = placement === 'keras' ? epsilon / Math.sqrt(1 - adamSpec.beta2 ** t) : epsilon
      w[i] -= (learningRate * mean) / (root + beside)
    }
  }
  return [...w]
}

describe.skipIf(E.isLeft(made))('Adam on WebGPU', () => {
  const backend = tf.backend() as WebGPUBackend

  // Weights lie within 1 and move by 0.01 a step: five float32 roundings of each are below 1e-6, a forgotten factor is above 1e-3.
  test.each([
    [[3, 3, 4, 2], 'keras', 1e-7],
    [[3, 3, 4, 2], 'tfjs', 0.1],
    [[7], 'keras', 0.1],
    [[1000, 129], 'tfjs', 1e-7],
  ] as const)(
    'five steps of %j weights, epsilon as in %s, are those of float64',
    async (shape, epsilonPlacement, epsilon) => {
      expect(backend).toBeInstanceOf(WebGPUBackend)
      const size = tf.util.sizeFromShape([...shape])
      const optimizer = makeWebGpuAdam(backend, { ...adamSpec, epsilon, epsilonPlacement })
      const before = tf.memory().numTensors
      const result = tf.tidy(() => {
        let weights: tf.Tensor = tf.tensor(drawn(size, 0), [...shape])
        let slots: readonly tf.Tensor[] = optimizer.slotNames.map(() => tf.zeros([...shape]))
        for (let t = 1; t <= steps; t++) {
          const updated = optimizer.atStep(learningRate, t)(
            weights,
            tf.tensor(drawn(size, t), [...shape]),
            slots,
          )
          weights = updated.weights
          slots = updated.slots
        }
        return weights
      })
      const expected = adam64(size, epsilon, epsilonPlacement)
      const actual = await result.data<'float32'>()
      const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0)
      expect(worst).toBeLessThan(1e-6)
      expect(result.shape).toEqual(shape)
      result.dispose()
      expect(tf.memory().numTensors).toBe(before)
    },
  )
})
