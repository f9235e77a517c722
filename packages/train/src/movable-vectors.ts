/** Which weight vectors a permutation can change at all: those in which two weights differ. */
import type { ParameterRole, Params } from '@laperm/core'

/** Weight vectors of the permuted roles, and those of them that can be reordered into something else. */
export interface MovableVectors {
  readonly vectors: number
  readonly movable: number
}

/** Cost: at most one pass; a vector's first difference ends it. @param initial theta_0. */
export const countMovableVectors = (initial: Params, roles: readonly ParameterRole[]): MovableVectors => {
  let vectors = 0
  let movable = 0
  for (const { role, shape, values } of initial) {
    if (!roles.includes(role)) continue
    const count = shape.length > 1 ? shape[shape.length - 1] : 1
    vectors += count
    for (let vector = 0; vector < count; vector++) {
      let i = vector
      while (i < values.length && values[i] === values[vector]) i += count
      if (i < values.length) movable++
    }
  }
  return { vectors, movable }
}
