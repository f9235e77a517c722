/**
 * LaPerm on a page without a bundler: the import map in `index.html` says where the packages are. The file that it gives for
 * `@tensorflow/tfjs-core` is all of tfjs, so that the optimizer and the page share one.
 */
import { makeWasmBackend } from '@laperm/backend-wasm'
import { makeWeightVectors, sort } from '@laperm/core'
import { endOnSync, laperm } from '@laperm/tfjs'
import * as tf from '@tensorflow/tfjs-core'

const status = document.querySelector('#status')
await tf.setBackend('cpu')

/** What fp-ts calls right; an error is thrown. */
const right = (either) => {
  if (either._tag === 'Left') throw new Error(JSON.stringify(either.left))
  return either.right
}

const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 64, inputShape: [16], activation: 'relu', kernelInitializer: 'heUniform' }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
})
const optimizer = laperm(tf.train.adam(0.01), { syncPeriod: 5, model }).attach(model)
model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })

const x = tf.randomUniform([400, 16], -1, 1)
const y = tf.cast(tf.greater(tf.sum(x, 1, true), 0), 'float32')
const kernel = model.layers[0].getWeights()[0]
const initial = await kernel.data()
const { history } = await model.fit(x, y, {
  batchSize: 20,
  epochs: 10,
  callbacks: endOnSync(optimizer),
})

// Sorted by core and by the WebAssembly kernel, the weights are what they were before.
const { wasmSync } = right(await makeWasmBackend()())
const vectors = (values) => right(makeWeightVectors(values, kernel.shape))
const before = right(sort(vectors(initial))).values
const trained = vectors(await model.layers[0].getWeights()[0].data())
const after = new Float32Array(before.length)
wasmSync.sortInto(trained, after)
const same = after.every((value, i) => Object.is(value, before[i]))
const accuracy = `${(100 * history.acc.at(-1)).toFixed(1)}% learned`
status.textContent = `${accuracy}, the hidden kernel is ${same ? 'a permutation' : 'no permutation'} of its initial weights`
