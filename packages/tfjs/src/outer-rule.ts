/**
 * What tells LaPerm from Lookahead: which variables take part in a synchronization, what is kept for them, and what becomes of them.
 */
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'
import type { InnerState } from './inner-state.ts'
import type { ModelLike } from './layer-weights.ts'
import type { OuterOptions, SyncPeriod } from './options.ts'
import type { SavedVariable } from './saved-variables.ts'
import type { VariableUse } from './variable-use.ts'
import type { WatchedVariable } from './watched-variables.ts'

/** The rule of a synchronization. */
export interface OuterRule {
  /** `laperm`, `lookahead`: the optimizer in errors, and the prefix of the names under which its state is saved. */
  readonly kind: string
  /** What each variable is for, in the order given. */
  readonly usesFor: (variables: readonly Variable[], model: ModelLike | undefined) => readonly VariableUse[]
  /** Whether a variable of this use takes part. */
  readonly takesPart: (use: VariableUse) => boolean
  /** What to keep for a variable from the start: a new tensor of its shape. Called inside `tf.tidy`. */
  readonly capture: (watched: WatchedVariable) => Tensor
  /** The variable's synchronized value: a new tensor. Called inside `tf.tidy`. */
  readonly synced: (watched: WatchedVariable, own: Tensor) => Tensor
  /** Whether a synchronization's result is what to keep from then on. */
  readonly keepsSynced: boolean
  /** Whether `synced` itself throws on NaN, so that nobody need look before. */
  readonly findsNaN: () => boolean
  /** What is likely to disappoint with these variables, in a sentence; asked once, when they are known. */
  readonly concern: (bound: readonly Bound[]) => string | undefined
}

/** What an outer optimizer is made of. */
export interface OuterSetup {
  readonly rule: OuterRule
  readonly inner: Optimizer
  readonly syncPeriod: SyncPeriod
  readonly options: OuterOptions
  readonly model: ModelLike | undefined
  /** What becomes of the inner optimizer's state at a synchronization. */
  readonly innerState: (inner: Optimizer) => InnerState
  readonly savedVariables: readonly SavedVariable[] | undefined
}
