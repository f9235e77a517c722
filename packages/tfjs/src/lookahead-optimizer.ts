/**
 * Lookahead as a `tf.Optimizer`: fast weights explore, and every k steps the slow weights move part of the way after them.
 */
import { lastAxis, slowStepSizeRule } from '@laperm/core'
import { requireSetting } from '@laperm/core/settings'
import { add, mul, type Optimizer, type serialization, sub } from '@tensorflow/tfjs-core'
import { innerFromConfig } from './inner-optimizer.ts'
import { keepInnerState, pullBackInnerState, resetInnerState } from './inner-state.ts'
import type { ModelLike } from './layer-weights.ts'
import { checkOptions, type OuterOptions, type SyncPeriod } from './options.ts'
import { OuterOptimizer } from './outer-optimizer.ts'
import type { OuterRule } from './outer-rule.ts'
import { parseSavedVariables, type SavedVariable } from './saved-variables.ts'

/** Settings of {@link lookahead}. */
export interface LookaheadOptions extends OuterOptions {
  /** k: fast steps between two synchronizations. Default 5. */
  readonly syncPeriod?: SyncPeriod
  /** alpha: how far the slow weights follow the fast ones, in `(0, 1]`. Default 0.5. */
  readonly slowStepSize?: number
  /** The model, so that `syncNow` and `withSynced` work before the first step. */
  readonly model?: ModelLike
  /**
   * What becomes of the inner optimizer's state (momentum, Adam's moments) at a synchronization: it is kept, starts anew, or follows as the
   * slow weights do, by alpha. Default `keep`.
   */
  readonly innerState?: 'keep' | 'reset' | 'pullBack'
}

const known = ['syncPeriod', 'slowStepSize', 'model', 'innerState', 'learningRate', 'onWarning']
const innerStates = { keep: keepInnerState, reset: resetInnerState, pullBack: pullBackInnerState }

/** Every variable takes part, and the slow weights are what a synchronization gives. */
const slowWeightsRule = (slowStepSize: number): OuterRule => ({
  kind: 'lookahead',
  keepsSynced: true,
  usesFor: (variables) =>
    variables.map(({ shape }) => ({ role: 'other', neuronAxes: lastAxis(shape), layers: [] })),
  takesPart: () => true,
  capture: ({ variable }) => variable.clone(),
  synced: ({ variable }, own) => add(own, mul(sub(variable, own), slowStepSize)),
  findsNaN: () => false,
  concern: () => undefined,
})

/** The optimizer that {@link lookahead} makes. */
export class LookaheadOptimizer extends OuterOptimizer {
  /** Name in tfjs's registry of classes and in saved models. */
  static get className(): string {
    return 'Lookahead'
  }
  /** alpha. */
  readonly slowStepSize: number
  readonly #innerState: keyof typeof innerStates

  constructor(inner: Optimizer, options: LookaheadOptions = {}, savedVariables?: readonly SavedVariable[]) {
    checkOptions('lookahead', options, known)
    const { syncPeriod = 5, slowStepSize = 0.5, innerState = 'keep' } = options
    requireSetting('slowStepSize', slowStepSize, slowStepSizeRule)
    if (!Object.hasOwn(innerStates, innerState))
      throw new RangeError(`lookahead: innerState must be 'keep', 'reset' or 'pullBack', got '${innerState}'`)
    super({
      rule: slowWeightsRule(slowStepSize),
      inner,
      syncPeriod,
      options,
      model: options.model,
      innerState: (of) => innerStates[innerState](of, slowStepSize),
      savedVariables,
    })
    this.slowStepSize = slowStepSize
    this.#innerState = innerState
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), slowStepSize: this.slowStepSize, innerState: this.#innerState }
  }

  /** What tfjs-layers calls when it loads a model that was saved with its optimizer. */
  static override fromConfig<T extends serialization.Serializable>(
    optimizerClass: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { inner, syncPeriod, slowStepSize, learningRate, innerState, variables } = config
    const options = { syncPeriod, slowStepSize, learningRate: learningRate ?? undefined, innerState }
    return new optimizerClass(innerFromConfig(inner), options, parseSavedVariables(variables))
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
