/**
 * The variables that an optimizer trains, and whether anything but the optimizer has touched them since its last step.
 *
 * A `tf.Variable` gets a new `dataId` whenever it is written, so a write from outside is seen without comparing values.
 */
import { engine, type NamedTensorMap, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import type { VariableUse } from './variable-use.ts'

/** One trained variable. */
export interface WatchedVariable {
  readonly variable: Variable
  readonly use: VariableUse
  /** What the variable held when the optimizer last let go of it. */
  dataId: object
}

/** Watch variables from now on. */
export const watchVariables = (
  variables: readonly Variable[],
  uses: readonly VariableUse[],
): readonly WatchedVariable[] =>
  variables.map((variable, i) => ({ variable, use: uses[i], dataId: variable.dataId }))

/** Take what the variables hold now as the optimizer's own writing. */
export const acceptValues = (watched: readonly WatchedVariable[]): void => {
  for (const entry of watched) entry.dataId = entry.variable.dataId
}

/** Write a variable; the watch takes it as the optimizer's own writing. The value stays the caller's. */
export const assignWatched = (entry: WatchedVariable, value: Tensor): void => {
  entry.variable.assign(value)
  entry.dataId = entry.variable.dataId
}

/**
 * The live variables of these names, each once: tfjs names one twice that two nested models share.
 *
 * @throws Error for a name that no live variable has: the variable was disposed, or never was one.
 */
export const liveVariables = (names: readonly string[]): readonly Variable[] =>
  [...new Set(names)].map((name) => {
    const variable: Variable | undefined = engine().state.registeredVariables[name]
    if (variable === undefined)
      throw new Error(
        `There is no live variable ${name}: it was disposed, or it is no tf.Variable. Gradients must be named after variables that exist.`,
      )
    return variable
  })

/**
 * One gradient for each variable, in the order in which they are watched: tfjs's optimizers keep their state by position, and take a variable that
 * is named twice two steps.
 */
export const gradientsInOrder = (
  watched: readonly WatchedVariable[],
  gradients: NamedTensorMap | readonly { readonly name: string; readonly tensor: Tensor }[],
): { name: string; tensor: Tensor }[] => {
  const byName = new Map(
    Array.isArray(gradients)
      ? gradients.map(({ name, tensor }): [string, Tensor] => [name, tensor])
      : Object.entries(gradients),
  )
  // Where a variable has no gradient tfjs hands over undefined, and its optimizers let the variable be.
  return watched.map(({ variable: { name } }) => ({ name, tensor: byName.get(name) as Tensor }))
}

const list = (variables: readonly Variable[]): string =>
  variables.map(({ name, shape }) => `${name} [${shape}]`).join(', ')

/**
 * Nothing added, removed, replaced or disposed, in whatever order, and nothing written from outside.
 *
 * @param owner the optimizer's name, for the errors.
 * @param given the variables of this step; undefined where only the watched ones are asked about.
 * @throws Error that says which variable, and what to call.
 */
export const assertUntouched = (
  watched: readonly WatchedVariable[],
  owner: string,
  given: readonly Variable[] | undefined,
): void => {
  for (const { variable } of watched) {
    if (variable.isDisposed)
      throw new Error(
        `${owner}: variable ${variable.name} was disposed. Make a new optimizer for the variables that there are now.`,
      )
  }
  const known = new Set(watched.map(({ variable }) => variable))
  if (given !== undefined && (given.length !== known.size || given.some((variable) => !known.has(variable))))
    throw new Error(
      `${owner}: the variables have changed (a layer added, frozen or unfrozen?). It started with ${list([...known])}; now there are ${list(given)}. Make a new optimizer for them: call syncNow() on this one where its weights are to be the initial ones, then model.compile({ optimizer: ${owner}(...) }).`,
    )
  for (const { variable, dataId } of watched) {
    if (variable.dataId !== dataId)
      throw new Error(
        `${owner}: variable ${variable.name} was written by something else since the last step (setWeights, loadWeights, assign, another optimizer). Call reset() to take the present values as new initial weights, or acceptWeights() to go on from them with the initial weights as they were.`,
      )
  }
}
