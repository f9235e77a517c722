/**
 * The variables of an optimizer as part of its saved configuration, so that a state that does not fit is noticed.
 */
import type { Variable } from '@tensorflow/tfjs-core'
import type { VariableRole } from './variable-role.ts'
import type { WatchedVariable } from './watched-variables.ts'

/** A variable as it was when the model was saved. Its name is for people: tfjs renames variables when it loads a model. */
export interface SavedVariable {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: VariableRole
}

/** What to save of the variables. */
export const toSavedVariables = (watched: readonly WatchedVariable[]): readonly SavedVariable[] =>
  watched.map(({ variable, role }) => ({ name: variable.name, shape: [...variable.shape], role }))

/** Read back what {@link toSavedVariables} gave, out of a configuration. */
export const parseSavedVariables = (value: unknown): readonly SavedVariable[] | undefined =>
  Array.isArray(value) ? (value as readonly SavedVariable[]) : undefined

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
