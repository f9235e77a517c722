/** The demo's networks as data, and theta_0: a function of the settings alone, so that every proof draws it again. */
import { initializeParams, type Params, pruneParams, renderError, type SparsitySpec } from '@laperm/core'
import {
  conv2d,
  dense,
  flatten,
  type InferredModel,
  inferShapes,
  type Model,
  relu,
  renderModelError,
  softmax,
  zoo,
} from '@laperm/models'
import { either as E } from 'fp-ts'
import { initializerOf, type ModelName, type RunSettings } from './run-settings.ts'

/**
 * Conv7's seven convolutions and its dense layer, with 16 filters (the last convolution: 32) and without dropout: 28,506 parameters, an
 * eleventh of Conv7's. The incoming weights of every neuron but the ten last ones make a square, so that they can be shown as an image.
 */
const conv7Small: Model = {
  ...zoo.conv7,
  name: 'conv7-small',
  layers: [
    conv2d(16, 3),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 5, { strides: 2, padding: 'same' }),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 3),
    relu,
    conv2d(16, 5, { strides: 2, padding: 'same' }),
    relu,
    conv2d(32, 4),
    relu,
    flatten,
    dense(10),
    softmax,
  ],
}

const models: Readonly<Record<ModelName, Model>> = { f2: zoo.f2, mlp: zoo.mlp, 'conv7-small': conv7Small }

/** What the networks are called on the page. */
export const modelTitles: Readonly<Record<ModelName, string>> = {
  f2: 'F2 (784-128-64-10)',
  mlp: 'MLP (784-100-100-10)',
  'conv7-small': 'Small Conv7 (16 filters)',
}

/** The network of a run, with the settings' initial distribution for its kernels. */
export const modelOf = (settings: RunSettings): Model => {
  const model = models[settings.model]
  return { ...model, initializers: { ...model.initializers, kernel: initializerOf(settings) } }
}

/** Its shapes. */
export const inferredModelOf = (settings: RunSettings): InferredModel => {
  const inferred = inferShapes(modelOf(settings))
  if (E.isLeft(inferred)) throw new Error(renderModelError(inferred.left))
  return inferred.right
}

/**
 * What is pruned: with drawn weights as in Section 5.4 (at most 20% of the first kernel), with one shared value as in Section 5.5 (the same
 * fraction of every kernel: without zeros there is nothing to reconnect).
 */
const sparsityOf = ({ sparsity, distribution }: RunSettings, kernels: number): SparsitySpec =>
  sparsity === 0
    ? { kind: 'none' }
    : distribution === 'sharedValue'
      ? { kind: 'perKernel', fractions: Array.from({ length: kernels }, () => sparsity) }
      : { kind: 'uniform', fraction: sparsity }

/** Draw theta_0, pruned. @returns arrays of the caller's own, the same bits each time. */
export const drawInitialParams = (settings: RunSettings): Params => {
  const { parameters } = inferredModelOf(settings)
  const kernels = parameters.filter(({ role }) => role === 'kernel').length
  const drawn = initializeParams(parameters, settings.seed)
  const pruned = pruneParams(drawn, sparsityOf(settings, kernels), settings.seed)
  if (E.isLeft(pruned)) throw new Error(renderError(pruned.left))
  return pruned.right
}
