/** What a session's `sync()` does, as data. */
import type { ParameterRole } from '@laperm/core'

/**
 * What `sync()` does to the parameters, every k steps.
 *
 * - `none`: the inner optimizer alone.
 * - `permute`: LaPerm. Every trainable parameter with one of `roles` becomes its initial weights, sorted per vector, in the order of the
 *   present ones.
 * - `freezeZeros`: weights with one of `roles` that were zero at the start become +0 again; applied after each step, the inner optimizer trains
 *   the others alone (Section 5.4).
 * - `lookahead`: `slow += slowStepSize * (fast - slow); fast = slow`, for every trainable parameter (Zhang et al. 2019).
 */
export type OuterUpdate =
  | { readonly kind: 'none' }
  | { readonly kind: 'permute'; readonly roles: readonly ParameterRole[] }
  | { readonly kind: 'freezeZeros'; readonly roles: readonly ParameterRole[] }
  | { readonly kind: 'lookahead'; readonly slowStepSize: number }

/** The parameters that an update chooses by their roles, in the order given; none for the other updates. */
export const chosenBy = <P extends { readonly role: ParameterRole }>(
  outerUpdate: OuterUpdate,
  trainable: readonly P[],
): readonly P[] =>
  'roles' in outerUpdate ? trainable.filter(({ role }) => outerUpdate.roles.includes(role)) : []
