/**
 * LaPerm as a `tf.Optimizer`: the inner optimizer trains freely, and every k steps each weight vector becomes the permutation of its
 * initial weights that has the trained weights' ranking.
 */
import { type ParameterRole, weightVectorsSize } from '@laperm/core'
import {
  type Optimizer,
  range,
  reshape,
  type serialization,
  type Tensor,
  type Tensor2D,
  tile,
  type Variable,
} from '@tensorflow/tfjs-core'
import { countingRank, sortByRanks } from './counting-rank.ts'
import { hostSort } from './host-sync.ts'
import { innerFromConfig } from './inner-optimizer.ts'
import { OuterOptimizer, type SyncPeriod } from './outer-optimizer.ts'
import { parseSavedVariables, type SavedVariable } from './saved-variables.ts'
import { syncRoute, syncTensor } from './sync-kernel.ts'
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

const matrixOf = (tensor: Tensor): Tensor2D => {
  const { length, count } = weightVectorsSize(tensor.shape)
  return reshape(tensor, [length, count])
}

/** `rank(w) = sync(0, 1, 2, ..., w)`: a synchronization with the ranks themselves as the sorted weights. */
const registeredRank = (w: Tensor2D, name: string): Tensor2D => {
  const [length, count] = w.shape
  return syncTensor(tile(reshape(range(0, length, 1, 'float32'), [length, 1]), [1, count]), w, name)
}

/** theta_sorted of a variable, on its backend: zeros are +0. */
const sortedWeights = (variable: Variable): Tensor => {
  if (variable.size === 0) return variable.clone()
  const w = matrixOf(variable)
  switch (syncRoute()) {
    case 'host':
      return reshape(hostSort(w, variable.name), variable.shape)
    case 'counting':
      return reshape(sortByRanks(w, countingRank(w)), variable.shape)
    case 'registered':
      return reshape(sortByRanks(w, registeredRank(w, variable.name)), variable.shape)
  }
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
    return sortedWeights(variable)
  }
  protected override synced(variable: Variable, own: Tensor): Tensor {
    if (variable.size === 0) return variable.clone()
    return reshape(syncTensor(matrixOf(own), matrixOf(variable), variable.name), variable.shape)
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
