/**
 * The variables of an optimizer as part of its saved configuration, so that a state that does not fit is noticed, and a loaded optimizer permutes
 * what the saved one did.
 */

import { lastAxis } from '@laperm/core'
import { isRecord } from '@laperm/core/settings'
import type { serialization, Variable } from '@tensorflow/tfjs-core'
import type { VariableRole } from './layer-weights.ts'
import type { VariableUse } from './variable-use.ts'
import type { WatchedVariable } from './watched-variables.ts'

/** A variable as it was when the model was saved. Its name is for people: tfjs renames variables when it loads a model. */
export interface SavedVariable {
  readonly name: string
  readonly shape: readonly number[]
  readonly use: VariableUse
}

/** What to save of the variables. Names of layers go under `name`, the only key whose underscores tfjs-layers keeps. */
export const savedVariablesToConfig = (
  variables: readonly (WatchedVariable | SavedVariable)[],
): serialization.ConfigDictValue =>
  variables.map((each) => {
    const { name, shape } = 'variable' in each ? each.variable : each
    const { role, neuronAxes, layers } = each.use
    return {
      name,
      shape: [...shape],
      role,
      neuronAxes: [...neuronAxes],
      layers: layers.map((layer) => ({ name: layer })),
    }
  })

const roles = {
  kernel: true,
  bias: true,
  gamma: true,
  beta: true,
  movingMean: true,
  movingVariance: true,
  other: true,
} satisfies Readonly<Record<VariableRole, true>>

const isRole = (value: unknown): value is VariableRole =>
  typeof value === 'string' && Object.hasOwn(roles, value)
const isAxes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((axis) => Number.isSafeInteger(axis) && axis >= 0)

const nameOf = (value: unknown): string => {
  if (isRecord(value) && typeof value['name'] === 'string') return value['name']
  throw new TypeError(`variables: expected { name }, got ${JSON.stringify(value)}`)
}

const parseSavedVariable = (value: unknown): SavedVariable => {
  const name = nameOf(value)
  const { shape, role, neuronAxes, layers } = isRecord(value) ? value : {}
  if (!isAxes(shape) || !isRole(role))
    throw new TypeError(`variables: expected the shape and role of ${name}, got ${JSON.stringify(value)}`)
  return {
    name,
    shape,
    use: {
      role,
      neuronAxes: isAxes(neuronAxes) ? neuronAxes : lastAxis(shape),
      layers: Array.isArray(layers) ? layers.map(nameOf) : [],
    },
  }
}

/**
 * Read back what {@link savedVariablesToConfig} gave, out of a configuration.
 *
 * @returns undefined where the optimizer was saved before its first step.
 * @throws TypeError when it is something else.
 */
export const parseSavedVariables = (value: unknown): readonly SavedVariable[] | undefined =>
  Array.isArray(value) ? value.map(parseSavedVariable) : undefined

const list = (variables: readonly { readonly name: string; readonly shape: readonly number[] }[]): string =>
  variables.map(({ name, shape }) => `${name} [${shape}]`).join(', ')

/**
 * @throws Error when the variables are not as many, or not of the same shapes in the same order, as those the state was saved for.
 */
export const assertFits = (
  owner: string,
  saved: readonly SavedVariable[] | undefined,
  variables: readonly Variable[],
): void => {
  if (saved === undefined) return
  if (
    saved.length !== variables.length ||
    saved.some(({ shape }, i) => `${shape}` !== `${variables[i].shape}`)
  )
    throw new Error(
      `${owner}: the optimizer state does not fit the model. It was saved for ${list(saved)}; the model has ${list(variables)}.`,
    )
}
