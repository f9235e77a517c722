/**
 * tfjs as a contender: tfjs-layers' own model.trainOnBatch on the wasm and the node backends.
 *
 * Both are optional; what cannot be loaded, or cannot train the network, says so by throwing.
 */
import { makeNodeBackend, tfjsBackendName } from '@laperm/backend-node'
import { renderError } from '@laperm/core'
import type { Layer } from '@laperm/models'
import type * as Tfjs from '@tensorflow/tfjs'
import { either as E } from 'fp-ts'
import type { Trainer, Workload } from './trainer.ts'

const addLayers = (
  tf: typeof Tfjs,
  input: Tfjs.SymbolicTensor,
  layers: readonly Layer[],
): Tfjs.SymbolicTensor => {
  const apply = (layer: { apply: (x: Tfjs.SymbolicTensor) => unknown }, x: Tfjs.SymbolicTensor) =>
    layer.apply(x) as Tfjs.SymbolicTensor
  let x = input
  for (const layer of layers) {
    switch (layer.kind) {
      case 'conv2d':
        x = apply(
          tf.layers.conv2d({
            filters: layer.filters,
            kernelSize: [...layer.kernelSize],
            strides: [...layer.strides],
            padding: layer.padding,
            useBias: layer.useBias,
          }),
          x,
        )
        break
      case 'dense':
        x = apply(tf.layers.dense({ units: layer.units, useBias: layer.useBias }), x)
        break
      case 'batchNorm':
        x = apply(tf.layers.batchNormalization({ momentum: layer.momentum, epsilon: layer.epsilon }), x)
        break
      case 'relu':
        x = apply(tf.layers.reLU(), x)
        break
      case 'maxPool2d':
        x = apply(tf.layers.maxPooling2d({ poolSize: [...layer.poolSize], strides: [...layer.strides] }), x)
        break
      case 'avgPool2d':
        x = apply(
          tf.layers.averagePooling2d({ poolSize: [...layer.poolSize], strides: [...layer.strides] }),
          x,
        )
        break
      case 'flatten':
        x = apply(tf.layers.flatten(), x)
        break
      case 'dropout':
        x = apply(tf.layers.dropout({ rate: layer.rate }), x)
        break
      case 'softmax':
        x = apply(tf.layers.softmax(), x)
        break
      case 'residual': {
        const body = addLayers(tf, x, layer.body)
        const shortcut = addLayers(tf, x, layer.shortcut)
        x = tf.layers.add().apply([body, shortcut]) as Tfjs.SymbolicTensor
        break
      }
      default:
        return layer satisfies never
    }
  }
  return x
}

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
