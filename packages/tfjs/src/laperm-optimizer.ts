/**
 * LaPerm as a `tf.Optimizer`: the inner optimizer trains freely, and every k steps each weight vector becomes the permutation of its
 * initial weights that has the trained weights' ranking.
 */
import type { ParameterRole } from '@laperm/core'
import type { Optimizer, serialization, Tensor, Variable } from '@tensorflow/tfjs-core'
import { innerFromConfig } from './inner-optimizer.ts'
import type { SyncPeriod } from './outer-config.ts'
import { OuterOptimizer } from './outer-optimizer.ts'
import { parseSavedVariables, type SavedVariable } from './saved-variables.ts'
import { sortTensor, syncRoute, syncTensor } from './sync-route.ts'
import { type ModelLike, type RoleOf, rolesOf, type VariableRole } from './variable-role.ts'

/** Roles that can be permuted: those that are trained. */
export type PermutableRole = Exclude<ParameterRole, 'movingMean' | 'movingVariance'>
const permutableRoles: readonly PermutableRole[] = ['kernel', 'bias', 'gamma', 'beta']

/** Settings of {@link laperm}. */
export interface LaPermOptions {
  /** The paper's k: inner steps between two synchronizations. At least 1. */
  readonly syncPeriod: SyncPeriod
  /** What is permuted; the inner optimizer trains the rest freely. Default `['kernel']`, as in the paper. */
  readonly permute?: readonly PermutableRole[]
  /** The model, so that a kernel, a bias and a gamma are told apart by the layer that owns them. Without it, by shape. */
  readonly model?: ModelLike
  /** A variable's role, where neither layer nor shape can tell; undefined leaves it to them. */
  readonly roleOf?: RoleOf
}

/** The optimizer that {@link laperm} makes. */
export class LaPermOptimizer extends OuterOptimizer {
  /** Name in tfjs's registry of classes and in saved models. */
  static get className(): string {
    return 'LaPerm'
  }
  protected override readonly kind = 'laperm'
  protected override readonly keepsSynced = false
  /** What is permuted. */
  readonly permute: readonly PermutableRole[]
  readonly #roleOf: RoleOf | undefined

  constructor(inner: Optimizer, options: LaPermOptions, savedVariables?: readonly SavedVariable[]) {
    super(inner, options.syncPeriod, options.model, savedVariables)
    this.permute = [...(options.permute ?? ['kernel'])]
    for (const role of this.permute) {
      if (!permutableRoles.includes(role))
        throw new RangeError(
          `permute: ${role} is no role that can be permuted. Known: ${permutableRoles.join(', ')}.`,
        )
    }
    this.#roleOf = options.roleOf
  }

  protected override rolesFor(variables: readonly Variable[], model: ModelLike | undefined) {
    return rolesOf(variables, this.permute, model, this.#roleOf)
  }
  protected override takesPart(role: VariableRole): boolean {
    return this.permute.some((permuted) => permuted === role)
  }
  protected override capture(variable: Variable): Tensor {
    return variable.size === 0 ? variable.clone() : sortTensor(variable, variable.name)
  }
  protected override synced(variable: Variable, own: Tensor): Tensor {
    return variable.size === 0 ? variable.clone() : syncTensor(own, variable, variable.name)
  }
  protected override findsNaN(): boolean {
    return syncRoute() === 'host'
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), permute: [...this.permute] }
  }

  /** What tfjs-layers calls when it loads a model that was saved with its optimizer. */
  static override fromConfig<T extends serialization.Serializable>(
    optimizerClass: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { inner, syncPeriod, permute, variables } = config
    return new optimizerClass(innerFromConfig(inner), { syncPeriod, permute }, parseSavedVariables(variables))
  }
}

/**
 * LaPerm around another optimizer: `theta_t = inner(theta_(t-1))`, and where k steps have passed, per weight vector,
 * `theta_t[i] = theta_sorted[rank(theta_t)[i]]`.
 *
 * Works wherever a `tf.Optimizer` does: `model.compile`, `fit`, `fitDataset`, `minimize`. The initial weights are what the variables
 * hold at the first step (or at `attach`). Cost: the inner step, and at a synchronization one ranking of all permuted weights; one
 * tensor of a variable's size is kept for each permuted variable. Saved by `model.save(url, { includeOptimizer: true })`, inner
 * optimizer included.
 *
 * @param inner any `tf.Optimizer`; the result owns it.
 * @throws RangeError for a period that is no positive integer or a role that cannot be permuted.
 * @example
 * ```ts
 * model.compile({ optimizer: laperm(tf.train.adam(1e-3), { syncPeriod: 20 }), loss: 'categoricalCrossentropy' })
 * ```
 * @see arXiv:2003.02570 Algorithm 1
 */
export const laperm = (inner: Optimizer, options: LaPermOptions): LaPermOptimizer =>
  new LaPermOptimizer(inner, options)
