/**
 * An optimizer's variables together with what it keeps for each: theta_sorted, or the slow weights.
 */
import { keep, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import { assertFits, type SavedVariable } from './saved-variables.ts'
import type { VariableUse } from './variable-use.ts'
import { type WatchedVariable, watchVariables } from './watched-variables.ts'

/** A variable with what the outer optimizer keeps for it. */
export interface Bound {
  readonly watched: WatchedVariable
  /** Kept tensor of the variable's shape; undefined for a variable that is not synchronized. */
  own: Tensor | undefined
}

/** What came with the optimizer from a saved model, until the variables are known. */
export interface Restored {
  /** Kept tensors, in the order of the variables that take part. */
  readonly own: readonly Tensor[]
}

/** How an optimizer takes possession of variables. */
export interface Binding {
  /** The optimizer's name, for the errors. */
  readonly owner: string
  readonly variables: readonly Variable[]
  readonly uses: readonly VariableUse[]
  readonly takesPart: (use: VariableUse) => boolean
  /** What to keep for a variable from the start: a new tensor of its shape. */
  readonly capture: (watched: WatchedVariable) => Tensor
  /** Kept instead, where a state was restored; they belong to the result from then on. */
  readonly restored: Restored | undefined
}

const shapesOf = (tensors: readonly { readonly shape: readonly number[] }[]): string =>
  tensors.map(({ shape }) => `[${shape}]`).join(' ')

/**
 * Watch the variables, and keep for each that takes part what was restored or what `capture` makes.
 *
 * @throws Error when there are no variables or a restored state has other shapes; whatever `capture` throws. Nothing is kept then.
 */
export const bindVariables = (binding: Binding): readonly Bound[] => {
  const { owner, variables, uses, takesPart, capture, restored } = binding
  if (variables.length === 0)
    throw new Error(
      `${owner}: the model has no trainable weights. Unfreeze a layer (layer.trainable = true), then compile and attach again.`,
    )
  const all = watchVariables(variables, uses)
  const parts = all.filter(({ use }) => takesPart(use))
  const shapes = shapesOf(parts.map(({ variable }) => variable))
  if (restored !== undefined && shapesOf(restored.own) !== shapes)
    throw new Error(
      `${owner}: the optimizer state does not fit the model. It was saved for ${shapesOf(restored.own)}; the model has ${shapes}.`,
    )
  const own = restored?.own ?? tidy(() => parts.map(capture)).map((tensor) => keep(tensor))
  return all.map((watched) => ({ watched, own: own[parts.indexOf(watched)] }))
}

/**
 * The uses that a saved configuration knows, where a state was restored with it.
 *
 * @throws Error when the variables are not those that the state was saved for.
 */
export const savedUses = (
  owner: string,
  saved: readonly SavedVariable[] | undefined,
  restored: Restored | undefined,
  variables: readonly Variable[],
): readonly VariableUse[] | undefined => {
  if (saved === undefined || restored === undefined) return undefined
  assertFits(owner, saved, variables)
  return saved.map(({ use }) => use)
}

/** What is kept, as it is saved: by the names of the variables, or by position where a restored state has not met its variables yet. */
export const ownTensors = (
  bound: readonly Bound[] | undefined,
  restored: Restored | undefined,
): readonly { readonly name: string; readonly tensor: Tensor }[] =>
  restored?.own.map((tensor, i) => ({ name: `${i}`, tensor })) ??
  bound?.flatMap(({ watched, own }) =>
    own === undefined ? [] : [{ name: watched.variable.name, tensor: own }],
  ) ??
  []
