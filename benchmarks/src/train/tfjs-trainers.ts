/**
 * tfjs as a contender: tfjs-layers' own model.trainOnBatch on the wasm and the node backends.
 *
 * Both are optional; what cannot be loaded, or cannot train the network, says so by throwing.
 */
import { makeNodeBackend, tfjsBackendName } from '@laperm/backend-node'
import { renderError } from '@laperm/core'
import { interpretLayer, type Layer, type LayerTable } from '@laperm/models'
import type * as Tfjs from '@tensorflow/tfjs'
import { either as E } from 'fp-ts'
import type { Trainer, Workload } from './trainer.ts'

interface LayerSite {
  readonly tf: typeof Tfjs
  readonly x: Tfjs.SymbolicTensor
}

const apply = (layer: Tfjs.layers.Layer, x: Tfjs.SymbolicTensor | Tfjs.SymbolicTensor[]) =>
  layer.apply(x) as Tfjs.SymbolicTensor

/** What each kind of layer is in tfjs-layers; penalties are left out. */
const tfjsLayers: LayerTable<LayerSite, Tfjs.SymbolicTensor> = {
  conv2d: ({ filters, kernelSize, strides, padding, useBias }, { tf, x }) =>
    apply(
      tf.layers.conv2d({
        filters,
        kernelSize: [...kernelSize],
        strides: [...strides],
        padding,
        useBias,
      }),
      x,
    ),
  dense: ({ units, useBias }, { tf, x }) => apply(tf.layers.dense({ units, useBias }), x),
  batchNorm: ({ momentum, epsilon }, { tf, x }) =>
    apply(tf.layers.batchNormalization({ momentum, epsilon }), x),
  relu: (_, { tf, x }) => apply(tf.layers.reLU(), x),
  maxPool2d: ({ poolSize, strides, padding }, { tf, x }) =>
    apply(tf.layers.maxPooling2d({ poolSize: [...poolSize], strides: [...strides], padding }), x),
  avgPool2d: ({ poolSize, strides, padding }, { tf, x }) =>
    apply(tf.layers.averagePooling2d({ poolSize: [...poolSize], strides: [...strides], padding }), x),
  flatten: (_, { tf, x }) => apply(tf.layers.flatten(), x),
  dropout: ({ rate }, { tf, x }) => apply(tf.layers.dropout({ rate }), x),
  softmax: (_, { tf, x }) => apply(tf.layers.softmax(), x),
  residual: ({ body, shortcut }, { tf, x }) =>
    apply(tf.layers.add(), [addLayers(tf, x, body), addLayers(tf, x, shortcut)]),
}

const addLayers = (
  tf: typeof Tfjs,
  input: Tfjs.SymbolicTensor,
  layers: readonly Layer[],
): Tfjs.SymbolicTensor => layers.reduce((x, layer) => interpretLayer(tfjsLayers, layer, { tf, x }), input)

/** Train on one backend of tfjs; every turn makes it the active one again, because peers take turns in one process. */
const makeTrainer = async (
  tf: typeof Tfjs,
  backend: string,
  name: string,
  workload: Workload,
): Promise<Trainer> => {
  const { model, batchSize } = workload
  await tf.setBackend(backend)
  await tf.ready()
  const input = tf.input({ shape: [...model.inputShape] })
  const network = tf.model({ inputs: input, outputs: addLayers(tf, input, model.layers) })
  network.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' })
  const inputs = tf.randomUniform([batchSize, ...model.inputShape])
  const labels = tf.floor(tf.randomUniform([batchSize, 1], 0, 9.99))
  // A kernel that the backend lacks shows here, before anything is timed.
  await network.trainOnBatch(inputs, labels)
  return {
    name: `${name} ${tf.version['tfjs-core'] ?? ''}`.trim(),
    synchronizes: false,
    slowness: 10,
    trainSteps: async (count) => {
      await tf.setBackend(backend)
      const start = performance.now()
      let loss = 0
      for (let step = 0; step < count; step++) loss += Number(await network.trainOnBatch(inputs, labels))
      if (Number.isNaN(loss)) throw new Error(`${name}: the loss of ${model.name} is NaN`)
      return performance.now() - start
    },
    evaluate: async (batches) => {
      await tf.setBackend(backend)
      const start = performance.now()
      for (let batch = 0; batch < batches; batch++) {
        const output = network.predict(inputs) as Tfjs.Tensor
        await output.data()
        output.dispose()
      }
      return performance.now() - start
    },
    peakMemoryBytes: () => Promise.resolve(undefined),
    stop: async () => {
      await tf.setBackend(backend)
      network.dispose()
      inputs.dispose()
      labels.dispose()
    },
  }
}

/** tfjs on its WebAssembly backend, which trains no convolution by itself: with the gradient kernels of `@laperm/engine-tfjs`. */
export const tfjsWasmTrainer = async (workload: Workload): Promise<Trainer> => {
  const tf = await import('@tensorflow/tfjs')
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  const { registerWasmTrainingKernels } = await import('@laperm/engine-tfjs/wasm-kernels')
  wasm.setThreadsCount(workload.threads)
  // Once the backend has registered its own, some of which ours replace.
  await tf.setBackend('wasm')
  registerWasmTrainingKernels()
  const trainer = await makeTrainer(tf, 'wasm', 'tfjs-wasm', workload)
  return { ...trainer, name: `${trainer.name} with our gradient kernels` }
}

/** tfjs on TensorFlow's own runtime, where it is installed (`npm run setup:tensorflow`). */
export const tfjsNodeTrainer = async (workload: Workload): Promise<Trainer> => {
  const made = await makeNodeBackend()()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  return makeTrainer(await import('@tensorflow/tfjs'), tfjsBackendName, 'tfjs-node', workload)
}
