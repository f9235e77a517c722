/**
 * LaPerm on a web page, with the data drawn on the page: `npx vite examples/browser`.
 *
 * On a page with a GPU import '@tensorflow/tfjs-backend-webgl' or '-webgpu' in place of the cpu backend; on WebGPU register the
 * ranking kernel of @laperm/backend-webgpu, so that ranks need not be counted.
 */
import { makeDigits } from '@laperm/data'
import { endOnSync, laperm } from '@laperm/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'

const status = document.querySelector('#status')

await tf.ready()
const { train, test } = makeDigits(1, { train: 800, test: 200 })
const toTensors = ({ inputs, labels, count }) => [
  tf.div(tf.tensor2d(Float32Array.from(inputs), [count, 784]), 255),
  tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10),
]
const [x, y] = toTensors(train)

const model = tfl.sequential({
  layers: [
    tfl.layers.dense({
      units: 32,
      inputShape: [784],
      activation: 'relu',
      kernelInitializer: tfl.initializers.heUniform({ seed: 1 }),
    }),
    tfl.layers.dense({
      units: 10,
      activation: 'softmax',
      kernelInitializer: tfl.initializers.heUniform({ seed: 2 }),
    }),
  ],
})
const optimizer = laperm(tf.train.adam(3e-3), { syncPeriod: 5, model })
model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
await model.fit(x, y, {
  batchSize: 40,
  epochs: 4,
  validationData: toTensors(test),
  callbacks: [
    endOnSync(optimizer, { batchesPerEpoch: 20 }),
    {
      onEpochEnd: (epoch, { val_acc: accuracy }) => {
        status.textContent = `epoch ${epoch + 1}: ${(100 * accuracy).toFixed(1)}% of test digits, steps since the last synchronization: ${optimizer.stepsSinceSync}`
      },
    },
  ],
})
