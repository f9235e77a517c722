/**
 * What each variable of a tfjs model is for: a kernel, a bias, batch normalization's gamma. By layer class where a model is at
 * hand, by shape otherwise; never by matching names.
 *
 * No import of tfjs-layers: a model is anything with `layers`, a layer anything with `getClassName()`.
 */
import type { ParameterRole } from '@laperm/core'
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

/** Decides a variable's role; undefined leaves it to the model's layers or to the shape. */
export type RoleOf = (variable: Variable) => VariableRole | undefined

type FieldRoles = Readonly<Record<string, VariableRole>>
const weighted: FieldRoles = { kernel: 'kernel', bias: 'bias' }
const recurrent: FieldRoles = { kernel: 'kernel', recurrentKernel: 'kernel', bias: 'bias' }
const depthwise: FieldRoles = { depthwiseKernel: 'kernel', pointwiseKernel: 'kernel', bias: 'bias' }
const normalized: FieldRoles = {
  gamma: 'gamma',
  beta: 'beta',
  movingMean: 'movingMean',
  movingVariance: 'movingVariance',
}

/** Every layer class of tfjs-layers 4 that owns weights, and what its fields hold. */
const rolesByClass: Readonly<Record<string, FieldRoles>> = {
  Dense: weighted,
  Conv1D: weighted,
  Conv2D: weighted,
  Conv3D: weighted,
  Conv2DTranspose: weighted,
  Conv3DTranspose: weighted,
  SeparableConv2D: depthwise,
  DepthwiseConv2D: depthwise,
  BatchNormalization: normalized,
  LayerNormalization: normalized,
  Embedding: { embeddings: 'kernel' },
  PReLU: { alpha: 'other' },
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

/** The variables that training changes, in the order in which tfjs-layers hands over their gradients. */
export const trainableVariables = (model: ModelLike): readonly Variable[] =>
  model.trainableWeights.map(variableOf)

/** The roles of every weight under these layers, nested models, cells and wrapped layers included. */
const collectRoles = (
  layers: readonly LayerLike[],
  roles: Map<Variable, VariableRole>,
): Map<Variable, VariableRole> => {
  for (const layer of layers) {
    for (const [name, role] of Object.entries(rolesByClass[layer.getClassName()] ?? {})) {
      const weight = field(layer, name)
      if (isLayerVariable(weight)) roles.set(variableOf(weight), role)
    }
    for (const name of nestingFields) {
      const nested = field(layer, name)
      collectRoles((Array.isArray(nested) ? nested : [nested]).filter(isLayer), roles)
    }
  }
  return roles
}

/**
 * The role of each variable.
 *
 * In this order: `roleOf`; the class of the layer that owns the variable, where a model is given; the shape, where none is:
 * two axes or more are a kernel, fewer could be a bias, a gamma or a beta and are `other`.
 *
 * @param permuted the roles that will be permuted: with no model, a shape can answer for `kernel` only.
 * @throws TypeError when a layer's class is not known, or when a shape would have to tell a bias from a gamma.
 */
export const rolesOf = (
  variables: readonly Variable[],
  permuted: readonly ParameterRole[],
  model: ModelLike | undefined,
  roleOf: RoleOf | undefined,
): readonly VariableRole[] => {
  const byLayer = model === undefined ? undefined : collectRoles(model.layers, new Map())
  return variables.map((variable) => {
    const role = roleOf?.(variable) ?? byLayer?.get(variable)
    if (role !== undefined) return role
    if (byLayer !== undefined)
      throw new TypeError(
        `model: cannot tell what variable ${variable.name} [${variable.shape}] is, because no known layer class owns it. Name its role with the option roleOf.`,
      )
    if (variable.rank >= 2) return 'kernel'
    if (permuted.every((wanted) => wanted === 'kernel')) return 'other'
    throw new TypeError(
      `permute: variable ${variable.name} [${variable.shape}] could be a bias, a gamma or a beta, and [${permuted}] are to be permuted. Give the option model, or roleOf.`,
    )
  })
}
