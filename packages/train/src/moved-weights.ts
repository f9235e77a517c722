/** How far a run has reconnected: the weights that sit where another value was. */
import type { ParameterRole, Params } from '@laperm/core'

/** Weights that a run may move, and those that it has. */
export interface MovedWeights {
  /** Weights of the permuted roles. */
  readonly weights: number
  /** Those whose place now holds another value than at the start. Swapped equal values do not count: nobody can see them. */
  readonly movedWeights: number
}

/**
 * Compare place by place.
 *
 * @param initial theta_0.
 * @param trained the same parameters in the same order.
 */
export const countMovedWeights = (
  initial: Params,
  trained: Params,
  roles: readonly ParameterRole[],
): MovedWeights => {
  let weights = 0
  let movedWeights = 0
  initial.forEach(({ role, values }, index) => {
    if (!roles.includes(role)) return
    const now = trained[index].values
    weights += values.length
    for (let i = 0; i < values.length; i++) if (values[i] !== now[i]) movedWeights++
  })
  return { weights, movedWeights }
}
