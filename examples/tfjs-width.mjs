/**
 * How wide a layer must be to learn by reconnecting: a neuron of n incoming weights has at most n! states, so that a network of few inputs needs many
 * neurons. Three classes of four features, as many examples as the iris data have: `node examples/tfjs-width.mjs [widths] [seeds]`.
 */
import { endOnSync, laperm } from '@laperm/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'

const [widths = '4,10,32,64,256', seeds = '5'] = process.argv.slice(2)

await tf.setBackend('cpu')
const [classes, features, perClass] = [3, 4, 50]
const centres = tf.tensor2d([
  [-1, 0.8, -1.2, -1.2],
  [0.1, -0.7, 0.3, 0.2],
  [0.9, -0.1, 1, 1.1],
])
const labels = tf.tensor1d(
  Array.from({ length: classes * perClass }, (_, i) => i % classes),
  'int32',
)
const noise = tf.randomNormal([classes * perClass, features], 0, 0.45, 'float32', 7)
const x = tf.add(tf.gather(centres, labels), noise)
const y = tf.oneHot(labels, classes)

const accuracy = async (units, seed, wrap) => {
  const layer = (size, i, more) =>
    tfl.layers.dense({
      units: size,
      kernelInitializer: tfl.initializers.heUniform({ seed: 10 * seed + i }),
      ...more,
    })
  const model = tfl.sequential({
    layers: [
      layer(units, 1, { inputShape: [features], activation: 'relu' }),
      layer(classes, 2, { activation: 'softmax' }),
    ],
  })
  const optimizer = wrap(tf.train.adam(0.01), model)
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  await model.fit(x, y, {
    epochs: 60,
    batchSize: 30,
    verbose: 0,
    ...('syncNow' in optimizer && { callbacks: endOnSync(optimizer) }),
  })
  const [, share] = model.evaluate(x, y)
  return 100 * share.dataSync()[0]
}

const reconnect = (inner, model) => laperm(inner, { syncPeriod: 5, model, onWarning: () => {} })
for (const units of widths.split(',').map(Number)) {
  const all = []
  for (let seed = 1; seed <= Number(seeds); seed++) all.push(await accuracy(units, seed, reconnect))
  const adam = await accuracy(units, 1, (inner) => inner)
  all.sort((a, b) => a - b)
  const [least, median, most, freely] = [all[0], all[all.length >> 1], all.at(-1), adam].map(
    (share) => `${share.toFixed(0)}%`,
  )
  console.log(`${units} units: reconnected ${least} to ${most}, median ${median}; by Adam ${freely}`)
}
