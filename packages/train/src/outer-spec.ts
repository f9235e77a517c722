/** The outer update of an experiment as data, and what a person may say of it. */
import type { ParameterRole, SyncPeriodSpec } from '@laperm/core'

/**
 * The outer update.
 *
 * - `none`: the inner optimizer alone.
 * - `permute`: LaPerm. Every `syncPeriod` steps each weight vector of the parameters with one of `roles` becomes its initial weights, in the
 *   order of the present ones; every other trainable parameter is left to the inner optimizer.
 * - `lookahead`: every `syncPeriod` steps `slow += slowStepSize * (fast - slow)`, `fast = slow`; `slowStepSize` (alpha) is in (0, 1].
 *
 * @see arXiv:2003.02570 Algorithm 1; Zhang et al. 2019, arXiv:1907.08610
 */
export type OuterSpec =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'permute'
      readonly syncPeriod: SyncPeriodSpec
      readonly roles: readonly ParameterRole[]
    }
  | { readonly kind: 'lookahead'; readonly syncPeriod: SyncPeriodSpec; readonly slowStepSize: number }

/** What a person says of the outer update; the rest comes from the recipe, the model, or Lookahead's paper. */
export interface OuterSettings {
  /** `permute` unless said otherwise. */
  readonly kind?: string | undefined
  /** A number stands for a constant one. */
  readonly syncPeriod?: number | SyncPeriodSpec | undefined
  readonly roles?: readonly ParameterRole[] | undefined
  readonly slowStepSize?: number | undefined
}
