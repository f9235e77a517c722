/**
 * A plain training loop on tfjs, no layers: `node examples/tfjs-core-loop.mjs`.
 *
 * Two variables learn which of two spirals a point lies on; only the kernels are permuted. `withSynced` looks at permuted weights
 * in the middle of training, without disturbing it.
 */
import { laperm } from '@laperm/tfjs'
import * as tf from '@tensorflow/tfjs'

await tf.setBackend('cpu')

const points = 400
const data = Float32Array.from({ length: points * 2 }, (_, k) => {
  const i = k >> 1
  const angle = (i / points) * 8 + (i % 2) * Math.PI
  return (i / points) * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle))
})
const x = tf.tensor2d(data, [points, 2])
const label = tf.tensor2d(
  Float32Array.from({ length: points }, (_, i) => i % 2),
  [points, 1],
)

const uniform = (shape, limit, seed) =>
  tf.tidy(() => tf.variable(tf.randomUniform(shape, -limit, limit, 'float32', seed)))
const hidden = uniform([2, 64], 4, 1)
const hiddenBias = uniform([64], 2, 2)
const output = uniform([64, 1], 0.5, 3)
const variables = [hidden, hiddenBias, output]
const logits = () => tf.matMul(tf.relu(tf.add(tf.matMul(x, hidden), hiddenBias)), output)
const loss = () => tf.losses.sigmoidCrossEntropy(label, logits())
const accuracy = () =>
  tf.tidy(
    () =>
      tf.mean(tf.cast(tf.equal(tf.greater(logits(), 0), tf.cast(label, 'bool')), 'float32')).dataSync()[0],
  )

// Without a model the shape decides: two axes or more are a kernel, the bias trains freely.
const optimizer = laperm(tf.train.adam(0.02), { syncPeriod: 20 })
const before = hidden.dataSync().slice()
for (let step = 1; step <= 600; step++) {
  optimizer.minimize(loss, false, variables)
  if (step % 150 === 0)
    console.log(
      `step ${step}: accuracy ${(100 * optimizer.withSynced(accuracy)).toFixed(1)}% with permuted weights`,
    )
  if (step === 400) optimizer.learningRate = 0.005
}
optimizer.syncNow()

const rows = (values) => [0, 1].map((i) => values.slice(64 * i, 64 * (i + 1)))
const pairs = (values) => {
  const [a, b] = rows(values)
  return Array.from(a, (value, j) => [value, b[j]].sort((p, q) => p - q).join()).join(' ')
}
console.log(`the hidden kernel is a permutation: ${pairs(hidden.dataSync()) === pairs(before)}`)
optimizer.dispose()
tf.dispose([...variables, x, label])
console.log(`${tf.memory().numTensors} tensors left`)
