/** What a session's `sync()` does, as data. */

/**
 * What `sync()` does to the parameters, every k steps.
 *
 * - `none`: the inner optimizer alone.
 * - `permute`: LaPerm. Every parameter with one of the model's `permutedRoles` becomes its initial weights, sorted per vector,
 *   in the order of the present ones.
 * - `lookahead`: `slow += slowStepSize * (fast - slow); fast = slow`, for every trainable parameter (Zhang et al. 2019).
 */
export type OuterUpdate =
  | { readonly kind: 'none' }
  | { readonly kind: 'permute' }
  | { readonly kind: 'lookahead'; readonly slowStepSize: number }
