/**
 * The variables that an optimizer trains, and whether anything but the optimizer has touched them since its last step.
 *
 * A `tf.Variable` gets a new `dataId` whenever it is written, so a write from outside is seen without comparing values.
 */
import { engine, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import type { VariableRole } from './variable-role.ts'

/** One trained variable. */
export interface WatchedVariable {
  readonly variable: Variable
  readonly role: VariableRole
  /** What the variable held when the optimizer last let go of it. */
  dataId: object
}

/** Watch variables from now on. */
export const watchVariables = (
  variables: readonly Variable[],
  roles: readonly VariableRole[],
): readonly WatchedVariable[] =>
  variables.map((variable, i) => ({ variable, role: roles[i], dataId: variable.dataId }))

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
 * The live variables of these names.
 *
 * @throws Error for a name that no live variable has: the variable was disposed, or never was one.
 */
export const liveVariables = (names: readonly string[]): readonly Variable[] =>
  names.map((name) => {
    const variable: Variable | undefined = engine().state.registeredVariables[name]
    if (variable === undefined)
      throw new Error(
        `There is no live variable ${name}: it was disposed, or it is no tf.Variable. Gradients must be named after variables that exist.`,
      )
    return variable
  })

const list = (variables: readonly Variable[]): string =>
  variables.map(({ name, shape }) => `${name} [${shape}]`).join(', ')

/**
 * Nothing added, removed, replaced or disposed, and nothing written from outside.
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
        `${owner}: variable ${variable.name} was disposed. Call reset() to start from the variables that there are now, or make a new optimizer.`,
      )
  }
  if (
    given !== undefined &&
    (given.length !== watched.length || given.some((variable, i) => variable !== watched[i].variable))
  )
    throw new Error(
      `${owner}: the variables have changed. It started with ${list(watched.map(({ variable }) => variable))}; this step has ${list(given)}. Use one optimizer for one set of variables, or call reset() to start again.`,
    )
  for (const { variable, dataId } of watched) {
    if (variable.dataId !== dataId)
      throw new Error(
        `${owner}: variable ${variable.name} was written by something else since the last step (setWeights, loadWeights, assign, another optimizer). Call reset() to take the present values as new initial weights, or acceptWeights() to go on from them with the initial weights as they were.`,
      )
  }
}
