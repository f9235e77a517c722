/**
 * Lookahead as a `tf.Optimizer`: fast weights explore, and every k steps the slow weights move part of the way after them.
 */
import { slowStepSizeRule } from '@laperm/core'
import { requireSetting } from '@laperm/core/settings'
import {
  add,
  mul,
  type Optimizer,
  type serialization,
  sub,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core'
import { innerFromConfig } from './inner-optimizer.ts'
import type { SyncPeriod } from './outer-config.ts'
import { OuterOptimizer } from './outer-optimizer.ts'
import { parseSavedVariables, type SavedVariable } from './saved-variables.ts'
import type { ModelLike, VariableRole } from './variable-role.ts'

/** Settings of {@link lookahead}. */
export interface LookaheadOptions {
  /** k: fast steps between two synchronizations. Default 5. */
  readonly syncPeriod?: SyncPeriod
  /** alpha: how far the slow weights follow the fast ones, in `(0, 1]`. Default 0.5. */
  readonly slowStepSize?: number
  /** The model, so that `syncNow` and `withSynced` work before the first step. */
  readonly model?: ModelLike
}

/** The optimizer that {@link lookahead} makes. */
export class LookaheadOptimizer extends OuterOptimizer {
  /** Name in tfjs's registry of classes and in saved models. */
  static get className(): string {
    return 'Lookahead'
  }
  protected override readonly kind = 'lookahead'
  protected override readonly keepsSynced = true
  /** alpha. */
  readonly slowStepSize: number

  constructor(inner: Optimizer, options: LookaheadOptions, savedVariables?: readonly SavedVariable[]) {
    super(inner, options.syncPeriod ?? 5, options.model, savedVariables)
    this.slowStepSize = options.slowStepSize ?? 0.5
    requireSetting('slowStepSize', this.slowStepSize, slowStepSizeRule)
  }

  protected override rolesFor(variables: readonly Variable[]): readonly VariableRole[] {
    return variables.map(() => 'other')
  }
  protected override takesPart(): boolean {
    return true
  }
  protected override capture(variable: Variable): Tensor {
    return variable.clone()
  }
  protected override synced(variable: Variable, own: Tensor): Tensor {
    return add(own, mul(sub(variable, own), this.slowStepSize))
  }
  protected override findsNaN(): boolean {
    return false
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), slowStepSize: this.slowStepSize }
  }

  /** What tfjs-layers calls when it loads a model that was saved with its optimizer. */
  static override fromConfig<T extends serialization.Serializable>(
    optimizerClass: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { inner, syncPeriod, slowStepSize, variables } = config
    return new optimizerClass(
      innerFromConfig(inner),
      { syncPeriod, slowStepSize },
      parseSavedVariables(variables),
    )
  }
}

/**
 * Lookahead around another optimizer: `theta_t = inner(theta_(t-1))`, and where k steps have passed
 * `slow = slow + alpha (theta_t - slow); theta_t = slow`, for every trained variable.
 *
 * Between synchronizations the model holds the fast weights; look at the slow ones with `withSynced`.
 *
 * @param inner any `tf.Optimizer`; the result owns it.
 * @throws RangeError for a period that is no positive integer or an alpha outside `(0, 1]`.
 * @example
 * ```ts
 * model.compile({ optimizer: lookahead(tf.train.adam(1e-3), { syncPeriod: 5 }), loss: 'meanSquaredError' })
 * ```
 * @see arXiv:1907.08610 Algorithm 1
 */
export const lookahead = (inner: Optimizer, options: LookaheadOptions = {}): LookaheadOptimizer =>
  new LookaheadOptimizer(inner, options)
