/**
 * LaPerm as a `tf.Optimizer`: the inner optimizer trains freely, and every k steps each weight vector becomes the permutation of its
 * initial weights that has the trained weights' ranking.
 */
import type { PermutationReport } from '@laperm/core'
import type { Optimizer, serialization } from '@tensorflow/tfjs-core'
import { innerFromConfig } from './inner-optimizer.ts'
import { keepInnerState, resetInnerState } from './inner-state.ts'
import type { ModelLike } from './layer-weights.ts'
import { checkOptions, type OuterOptions, type SyncPeriod } from './options.ts'
import { OuterOptimizer } from './outer-optimizer.ts'
import { checkBoundPermutations } from './permutation-proof.ts'
import {
  checkPermute,
  type LayerRoles,
  layersFromConfig,
  layersToConfig,
  type PermutableRole,
  permuteRule,
} from './permute-rule.ts'
import { parseSavedVariables, type SavedVariable } from './saved-variables.ts'
import type { NeuronAxesOf, RoleOf } from './variable-use.ts'

/** Settings of {@link laperm}. */
export interface LaPermOptions extends OuterOptions {
  /** The paper's k: inner steps between two synchronizations. At least 1. */
  readonly syncPeriod: SyncPeriod
  /** What is permuted; the inner optimizer trains the rest freely. Default `['kernel']`, as in the paper. */
  readonly permute?: readonly PermutableRole[]
  /** What is permuted instead in the layers of these names, nested models and wrapped layers included: `{ output: [] }` trains one freely. */
  readonly layers?: LayerRoles
  /** The model, so that a kernel, a bias and a gamma are told apart by the layer that owns them. Without it, by shape. */
  readonly model?: ModelLike
  /** A variable's role, where neither layer nor shape can tell; undefined leaves it to them. */
  readonly roleOf?: RoleOf
  /** The axes that count a variable's neurons, for layers of one's own; undefined leaves it to layer class and shape. */
  readonly neuronAxesOf?: NeuronAxesOf
  /** What becomes of the inner optimizer's state at a synchronization. Default `keep`, as in the paper. */
  readonly innerState?: 'keep' | 'reset'
}

const known = [
  'syncPeriod',
  'permute',
  'layers',
  'model',
  'roleOf',
  'neuronAxesOf',
  'innerState',
  'learningRate',
  'onWarning',
]

/** The optimizer that {@link laperm} makes. */
export class LaPermOptimizer extends OuterOptimizer {
  /** Name in tfjs's registry of classes and in saved models. */
  static get className(): string {
    return 'LaPerm'
  }
  /** What is permuted where {@link LaPermOptions.layers} says nothing else. */
  readonly permute: readonly PermutableRole[]
  readonly #layers: LayerRoles
  readonly #innerState: 'keep' | 'reset'

  constructor(inner: Optimizer, options: LaPermOptions, savedVariables?: readonly SavedVariable[]) {
    checkOptions('laperm', options, known)
    const { permute = ['kernel'], layers = {}, roleOf, neuronAxesOf, innerState = 'keep' } = options
    checkPermute(permute, layers, options.model)
    if (innerState !== 'keep' && innerState !== 'reset')
      throw new RangeError(`laperm: innerState must be 'keep' or 'reset', got '${innerState}'`)
    super({
      rule: permuteRule({ permute, layers, roleOf, neuronAxesOf }),
      inner,
      syncPeriod: options.syncPeriod,
      options,
      model: options.model,
      innerState: innerState === 'reset' ? resetInnerState : keepInnerState,
      savedVariables,
    })
    this.permute = [...permute]
    this.#layers = layers
    this.#innerState = innerState
  }

  /**
   * The proof: is every neuron's weight vector exactly its initial one in another order? By the neuron axes of each layer, bit for bit.
   *
   * Between two synchronizations it is not; ask inside `withSynced`, or where `stepsSinceSync` is 0.
   *
   * @returns how many vectors there are, how many hold, and the first that does not.
   * @throws Error (a rejection) before the first step where no model was given, or when something else wrote the weights.
   * @example
   * ```ts
   * const { isPermutation } = await optimizer.withSynced(() => optimizer.checkPermutations())
   * ```
   */
  async checkPermutations(): Promise<PermutationReport> {
    return checkBoundPermutations(this.boundVariables())
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      permute: [...this.permute],
      layers: layersToConfig(this.#layers),
      innerState: this.#innerState,
    }
  }

  /** What tfjs-layers calls when it loads a model that was saved with its optimizer. */
  static override fromConfig<T extends serialization.Serializable>(
    optimizerClass: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { inner, syncPeriod, permute, layers, learningRate, innerState, variables } = config
    const options = {
      syncPeriod,
      permute,
      layers: layersFromConfig(layers),
      learningRate: learningRate ?? undefined,
      innerState,
    }
    return new optimizerClass(innerFromConfig(inner), options, parseSavedVariables(variables))
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
 * @throws TypeError or RangeError for an option that is none or against its rule.
 * @example
 * ```ts
 * model.compile({ optimizer: laperm(tf.train.adam(1e-3), { syncPeriod: 20, model }), loss: 'categoricalCrossentropy' })
 * ```
 * @see arXiv:2003.02570 Algorithm 1
 */
export const laperm = (inner: Optimizer, options: LaPermOptions): LaPermOptimizer =>
  new LaPermOptimizer(inner, options)
