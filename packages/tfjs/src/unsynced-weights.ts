/**
 * Which variables some optimizer has left between two synchronizations, so that a new optimizer does not take them for initial weights.
 */
import type { Variable } from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'

interface Mark {
  readonly owner: string
  readonly steps: number
  /** The value that was left; another one was written by something else, and is nobody's. */
  readonly dataId: object
}

// Kept by the variable, and gone with it: optimizers that train one variable one after the other do not know each other.
const marks = new WeakMap<Variable, Mark>()

/** Remember that these variables are so many steps behind a synchronization; 0: that they are not. */
export const markWeights = (owner: string, bound: readonly Bound[], steps: number): void => {
  for (const { watched, own } of bound) {
    if (own === undefined) continue
    if (steps === 0) marks.delete(watched.variable)
    else marks.set(watched.variable, { owner, steps, dataId: watched.dataId })
  }
}

/** Forget it: their present values are to be initial weights. */
export const unmarkWeights = (variables: readonly Variable[]): void => {
  for (const variable of variables) marks.delete(variable)
}

/**
 * @throws Error naming a variable that another optimizer has left between two synchronizations.
 */
export const assertSynced = (owner: string, variables: readonly Variable[]): void => {
  for (const variable of variables) {
    const mark = marks.get(variable)
    if (mark?.dataId === variable.dataId)
      throw new Error(
        `${owner}: variable ${variable.name} is ${mark.steps} ${mark.steps === 1 ? 'step' : 'steps'} behind a synchronization of another optimizer (${mark.owner}), so its values are no initial weights. Call syncNow() on that one first, or reset() on this one to take the present values as initial weights.`,
      )
  }
}
