/**
 * A tfjs-layers model trained by permuting its initial weights: `node examples/tfjs-layers-digits.mjs [backend]`.
 *
 * Digits drawn by @laperm/data; the backend is `tensorflow` (after `npm run setup:tensorflow`), `wasm` or `cpu` (the default).
 * To train on MNIST itself use `loadDataset('mnist', { cacheDir })` in place of `makeDigits`.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { makeNodeBackend } from '@laperm/backend-node'
import { renderError } from '@laperm/core'
import { makeDigits } from '@laperm/data'
import { endOnSync, laperm, registerTensorOperations } from '@laperm/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'

const backend = process.argv[2] ?? 'cpu'
if (backend === 'tensorflow') {
  const made = await makeNodeBackend()()
  if (made._tag === 'Left') {
    console.error(renderError(made.left))
    process.exit(1)
  }
  registerTensorOperations('tensorflow', made.right.tensors) // rank on TensorFlow, with no copy to JavaScript
}
if (backend === 'wasm') {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(join(dirname(wasm), 'dist/'))
}
await tf.setBackend(backend)
console.log(`backend ${tf.getBackend()}`)

const { train, test } = makeDigits(1, { train: 1500, test: 300 })
const toTensors = ({ inputs, labels, count }) => ({
  x: tf.div(tf.tensor2d(Float32Array.from(inputs), [count, 784]), 255),
  y: tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10),
})
const training = toTensors(train)
const validation = toTensors(test)

const model = tfl.sequential({
  layers: [
    tfl.layers.dense({
      units: 64,
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
const kernels = () => model.layers.map((layer) => layer.getWeights()[0].dataSync().slice())
const initial = kernels()

const batchSize = 50
const optimizer = laperm(tf.train.adam(1e-3), { syncPeriod: 10, model })
model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
await model.fit(training.x, training.y, {
  batchSize,
  epochs: 3,
  verbose: 0,
  validationData: [validation.x, validation.y],
  // Every epoch ends on a synchronization, so that its validation judges permuted weights.
  callbacks: [
    endOnSync(optimizer, { batchesPerEpoch: train.count / batchSize }),
    {
      onEpochEnd: (epoch, { val_acc: accuracy }) =>
        console.log(`epoch ${epoch + 1}: test accuracy ${(100 * accuracy).toFixed(1)}%`),
    },
  ],
})

const asSet = (values, count) =>
  Array.from({ length: count }, (_, j) =>
    values
      .filter((_, i) => i % count === j)
      .sort()
      .join(),
  )
const permuted = kernels().filter((values, i) => {
  const count = model.layers[i].units
  return `${asSet(values, count)}` === `${asSet(initial[i], count)}`
})
console.log(`${permuted.length} of ${initial.length} kernels are permutations of their initial weights`)

// Save with the optimizer, load, and go on where it stopped.
let saved
await model.save(
  tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
  }),
  { includeOptimizer: true },
)
const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved))
console.log(
  `loaded after ${loaded.optimizer.iterations} steps, ${loaded.optimizer.stepsSinceSync} since a synchronization`,
)
