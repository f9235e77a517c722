/**
 * LaPerm's rule of a synchronization: which roles of which layers are permuted, by their neuron axes.
 */
import { type ParameterRole, weightVectorsLayout } from '@laperm/core'
import type { serialization } from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'
import { layerNames, type ModelLike, type VariableRole } from './layer-weights.ts'
import type { OuterRule } from './outer-rule.ts'
import { sortTensor, syncRoute, syncTensor } from './sync-route.ts'
import { type NeuronAxesOf, type RoleOf, usesOf, type VariableUse } from './variable-use.ts'

/** Roles that can be permuted: those that are trained. */
export type PermutableRole = Exclude<ParameterRole, 'movingMean' | 'movingVariance'>
const permutableRoles: readonly PermutableRole[] = ['kernel', 'bias', 'gamma', 'beta']

/** Roles to permute, by the name of a layer. */
export type LayerRoles = Readonly<Record<string, readonly PermutableRole[]>>

/** What {@link permuteRule} is made of. */
export interface PermuteOptions {
  readonly permute: readonly PermutableRole[]
  readonly layers: LayerRoles
  readonly roleOf: RoleOf | undefined
  readonly neuronAxesOf: NeuronAxesOf | undefined
}

const checkRoles = (option: string, roles: unknown): void => {
  if (!Array.isArray(roles))
    throw new TypeError(
      `${option}: must be a list of roles (${permutableRoles.join(', ')}), got ${String(roles)}`,
    )
  for (const role of roles) {
    if (!permutableRoles.includes(role))
      throw new RangeError(
        `${option}: ${String(role)} is no role that can be permuted. Known: ${permutableRoles.join(', ')}.`,
      )
  }
}

const checkLayerNames = (layers: LayerRoles, model: ModelLike): void => {
  const names = new Set(layerNames(model.layers))
  for (const name of Object.keys(layers)) {
    if (!names.has(name))
      throw new RangeError(`layers: the model has no layer ${name}. It has ${[...names].join(', ')}.`)
  }
}

/**
 * @throws TypeError for what is no list of roles; RangeError for a role that cannot be permuted or a layer that the model has not.
 */
export const checkPermute = (permute: unknown, layers: LayerRoles, model: ModelLike | undefined): void => {
  checkRoles('permute', permute)
  for (const [name, roles] of Object.entries(layers)) checkRoles(`layers.${name}`, roles)
  if (model !== undefined) checkLayerNames(layers, model)
}

/** By the innermost layer that is named, else by `permute`. */
const rolesFor = (use: VariableUse, { permute, layers }: PermuteOptions): readonly VariableRole[] => {
  const named = use.layers.find((name) => Object.hasOwn(layers, name))
  return named === undefined ? permute : layers[named]
}

/** A vector of fewer weights can be reconnected in too few ways to learn much. */
const fewWeights = 10

/** Kernels whose vectors are short, in a sentence. */
const shortVectors = (bound: readonly Bound[]): string | undefined => {
  const short = bound.flatMap(({ watched: { variable, use }, own }) => {
    const { length } = weightVectorsLayout(variable.shape.length === 0 ? [1] : variable.shape, use.neuronAxes)
    return own !== undefined && use.role === 'kernel' && length < fewWeights
      ? [`${variable.name} (${length} ${length === 1 ? 'weight' : 'weights'} a neuron)`]
      : []
  })
  if (short.length === 0) return undefined
  return `laperm: ${short.join(', ')}: with so few weights to reorder these neurons can learn little. More units in the layer make up for it, or { layers: { name: [] } } trains it freely.`
}

/** LaPerm's rule; the options are checked already. */
export const permuteRule = (options: PermuteOptions): OuterRule => {
  const { permute, layers, roleOf, neuronAxesOf } = options
  const all = [...new Set([...permute, ...Object.values(layers).flat()])]
  return {
    kind: 'laperm',
    keepsSynced: false,
    usesFor: (variables, model) => {
      if (Object.keys(layers).length > 0) {
        if (model === undefined)
          throw new TypeError(
            'layers: what belongs to a layer only a model can tell. Give the option model, or call attach(model).',
          )
        checkLayerNames(layers, model)
      }
      return usesOf(variables, all, { model, roleOf, neuronAxesOf })
    },
    takesPart: (use) => rolesFor(use, options).includes(use.role),
    capture: ({ variable, use }) =>
      variable.size === 0 ? variable.clone() : sortTensor(variable, use.neuronAxes, variable.name),
    synced: ({ variable, use }, own) =>
      variable.size === 0 ? variable.clone() : syncTensor(own, variable, use.neuronAxes, variable.name),
    findsNaN: () => syncRoute() === 'host',
    concern: shortVectors,
  }
}

/** Names of layers go under `name`: tfjs-layers takes the underscores out of keys and of every other string. */
export const layersToConfig = (layers: LayerRoles): serialization.ConfigDictValue =>
  Object.entries(layers).map(([name, roles]) => ({ name, roles: [...roles] }))

/** Read back what {@link layersToConfig} gave; the roles are checked by {@link checkPermute}. */
export const layersFromConfig = (value: unknown): LayerRoles =>
  Object.fromEntries(
    (Array.isArray(value) ? value : []).map(({ name, roles }: { name: string; roles: PermutableRole[] }) => [
      name,
      roles,
    ]),
  )
