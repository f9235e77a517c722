/**
 * What each weight of a tfjs-layers model is: its role, the axes that count its neurons, and the layers that own it. By layer class, never by
 * matching names.
 *
 * No import of tfjs-layers: a model is anything with `layers`, a layer anything with `getClassName()`.
 */
import type { NeuronAxes, ParameterRole } from '@laperm/core'
import { type Tensor, Variable } from '@tensorflow/tfjs-core'

/** A variable's role. `other` (PReLU's slopes, say) is trained by the inner optimizer and never permuted. */
export type VariableRole = ParameterRole | 'other'

/** A layer's weight, as tfjs-layers keeps it. */
export interface LayerVariableLike {
  /** The variable itself, as tfjs-layers hands it to the optimizer. */
  readonly read: () => Tensor
}

/** A layer of tfjs-layers; its weights are fields named after what they are (`kernel`, `gamma`). */
export interface LayerLike {
  readonly name: string
  /** `Dense`, `Conv2D`, ... */
  readonly getClassName: () => string
}

/** A `tf.LayersModel` or `tf.Sequential`. */
export interface ModelLike {
  readonly layers: readonly LayerLike[]
  readonly trainableWeights: readonly LayerVariableLike[]
}

/** A weight of a layer class: its role, and its neuron axes where they are not the last one alone. */
interface WeightOfClass {
  readonly role: VariableRole
  readonly neuronAxes?: NeuronAxes
}

const kernel: WeightOfClass = { role: 'kernel' }
const bias: WeightOfClass = { role: 'bias' }
const weighted = { kernel, bias }
/** Gates lie side by side on the last axis: each column belongs to one gate of one unit, in the kernel and in the recurrent kernel apart. */
const recurrent = { kernel, recurrentKernel: kernel, bias }
/** `[kh, kw, in, multiplier]`: each pair of the last two axes is an output channel. */
const depthwiseKernel: WeightOfClass = { role: 'kernel', neuronAxes: [2, 3] }
const normalized = {
  gamma: { role: 'gamma' },
  beta: { role: 'beta' },
  movingMean: { role: 'movingMean' },
  movingVariance: { role: 'movingVariance' },
} as const

/** Every layer class of tfjs-layers 4 that owns weights, and what its fields hold. */
const weightsByClass: Readonly<Record<string, Readonly<Record<string, WeightOfClass>>>> = {
  Dense: weighted,
  Conv1D: weighted,
  Conv2D: weighted,
  Conv3D: weighted,
  // `[kh, kw, out, in]` and `[kd, kh, kw, out, in]`.
  Conv2DTranspose: { kernel: { role: 'kernel', neuronAxes: [2] }, bias },
  Conv3DTranspose: { kernel: { role: 'kernel', neuronAxes: [3] }, bias },
  SeparableConv2D: { depthwiseKernel, pointwiseKernel: kernel, bias },
  DepthwiseConv2D: { depthwiseKernel, bias },
  BatchNormalization: normalized,
  LayerNormalization: normalized,
  Embedding: { embeddings: kernel },
  PReLU: { alpha: { role: 'other' } },
  SimpleRNNCell: recurrent,
  GRUCell: recurrent,
  LSTMCell: recurrent,
  ConvLSTM2DCell: recurrent,
}
/** Fields under which layers keep other layers: nested models, recurrent cells, wrappers. */
const nestingFields = ['cell', 'cells', 'layer', 'forwardLayer', 'backwardLayer', 'layers'] as const

const field = (owner: object, name: string): unknown => (owner as Readonly<Record<string, unknown>>)[name]
const isLayer = (value: unknown): value is LayerLike =>
  typeof value === 'object' && value !== null && typeof field(value, 'getClassName') === 'function'
const isLayerVariable = (value: unknown): value is LayerVariableLike =>
  typeof value === 'object' && value !== null && typeof field(value, 'read') === 'function'

const variableOf = (weight: LayerVariableLike): Variable => {
  const variable = weight.read()
  if (variable instanceof Variable) return variable
  throw new TypeError('model: a trainable weight must be a tf.Variable, as in tfjs-layers')
}

/**
 * The variables that training changes, each once, in the order in which tfjs-layers hands over their gradients. (It lists a layer that two
 * nested models share once for each.)
 */
export const trainableVariables = (model: ModelLike): readonly Variable[] => [
  ...new Set(model.trainableWeights.map(variableOf)),
]

/** A weight as its layer has it. */
export interface LayerWeight extends WeightOfClass {
  /** Names of the layers that hold it, the innermost first: a cell, its wrapper, a nested model. */
  readonly layers: readonly string[]
}

/** Every weight below these layers, nested models, cells and wrapped layers included. */
const collect = (
  layers: readonly LayerLike[],
  holders: readonly string[],
  found: Map<Variable, LayerWeight>,
): Map<Variable, LayerWeight> => {
  for (const layer of layers) {
    const names = [layer.name, ...holders]
    for (const [name, of] of Object.entries(weightsByClass[layer.getClassName()] ?? {})) {
      const weight = field(layer, name)
      if (!isLayerVariable(weight)) continue
      const variable = variableOf(weight)
      // Of a shared layer, the names of everything that holds it.
      const known = found.get(variable)?.layers ?? []
      found.set(variable, { ...of, layers: [...new Set([...known, ...names])] })
    }
    for (const name of nestingFields) {
      const nested = field(layer, name)
      collect((Array.isArray(nested) ? nested : [nested]).filter(isLayer), names, found)
    }
  }
  return found
}

/** Every weight of a model that a known layer class owns. */
export const layerWeights = (model: ModelLike): ReadonlyMap<Variable, LayerWeight> =>
  collect(model.layers, [], new Map())

/** Names of all layers of a model, nested ones included. */
export const layerNames = (layers: readonly LayerLike[]): readonly string[] =>
  layers.flatMap((layer) => [
    layer.name,
    ...nestingFields.flatMap((name) => {
      const nested = field(layer, name)
      return layerNames((Array.isArray(nested) ? nested : [nested]).filter(isLayer))
    }),
  ])
