/**
 * What LaPerm and Lookahead share: an optimizer around another one, which takes every step with the inner optimizer and now and
 * then synchronizes. It counts steps, watches the variables, saves and restores, and proxies the learning rate.
 */
import { isSyncStep, type Schedule } from '@laperm/core'
import {
  dispose as disposeTensors,
  type NamedTensorMap,
  Optimizer,
  type serialization,
  type Tensor,
  tensor1d,
} from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'
import { makeDivergenceGuard } from './divergence-guard.ts'
import { acceptInnerWeights, learningRateOf, setLearningRateOf } from './inner-optimizer.ts'
import { disposeInner, type InnerState } from './inner-state.ts'
import type { ModelLike } from './layer-weights.ts'
import {
  fieldVariables,
  type NamedTensor,
  packState,
  restoreFieldVariables,
  unpackState,
} from './optimizer-state.ts'
import {
  type LearningRate,
  learningRateSchedule,
  type SyncPeriod,
  syncPeriodSchedule,
  warnOnConsole,
} from './options.ts'
import { outerToConfig } from './outer-config.ts'
import type { OuterRule, OuterSetup } from './outer-rule.ts'
import { savedVariablesToConfig } from './saved-variables.ts'
import { markWeights } from './unsynced-weights.ts'
import { makeVariableBinding, type VariableBinding } from './variable-binding.ts'
import { acceptValues, gradientsInOrder, liveVariables } from './watched-variables.ts'
import { lookAfter, writeSynced } from './write-synced.ts'

/**
 * An optimizer around `inner`. It owns `inner` and the tensors it makes: `dispose()` gives both back.
 *
 * A step is the inner optimizer's; every k-th one ends with a synchronization of all variables, or of none when a weight is NaN.
 */
export abstract class OuterOptimizer extends Optimizer {
  /** The optimizer that takes the steps. */
  readonly inner: Optimizer
  readonly #rule: OuterRule
  readonly #syncPeriod: SyncPeriod
  readonly #schedule: Schedule
  readonly #learningRate: LearningRate | undefined
  readonly #rateAt: Schedule | undefined
  readonly #innerState: InnerState
  readonly #guard = makeDivergenceGuard()
  readonly #binding: VariableBinding
  #stepsSinceSync = 0
  #syncRequested = false
  #insideWithSynced = false
  #handedOut: readonly Tensor[] = []

  constructor(setup: OuterSetup) {
    super()
    const { rule, inner, syncPeriod, options } = setup
    if (typeof inner !== 'object' || inner === null || !(inner instanceof Optimizer))
      throw new TypeError(
        `${rule.kind}: inner must be a tf.Optimizer, for example tf.train.adam(1e-3), got ${String(inner)}`,
      )
    this.#rule = rule
    this.#syncPeriod = syncPeriod
    this.#schedule = syncPeriodSchedule(rule.kind, syncPeriod)
    this.#learningRate = options.learningRate
    this.#rateAt = learningRateSchedule(options.learningRate)
    const { model, savedVariables } = setup
    this.#binding = makeVariableBinding({
      rule,
      model,
      savedVariables,
      warn: options.onWarning ?? warnOnConsole,
    })
    this.inner = inner
    this.#innerState = setup.innerState(inner)
  }

  /** Inner steps since the last synchronization; 0 means that the weights are synchronized. */
  get stepsSinceSync(): number {
    return this.#stepsSinceSync
  }

  /** The inner optimizer's learning rate. */
  get learningRate(): number {
    return learningRateOf(this.inner)
  }

  /** Set the inner optimizer's learning rate, from the next step on. */
  set learningRate(learningRate: number) {
    if (this.#rateAt !== undefined)
      throw new Error(
        `${this.#rule.kind}: the option learningRate sets the learning rate before each step; change it there`,
      )
    setLearningRateOf(this.inner, learningRate)
  }

  /** The same as assigning `learningRate`: what tfjs's SGD calls it. */
  setLearningRate(learningRate: number): void {
    this.learningRate = learningRate
  }

  /**
   * Take a model's variables now instead of at the first step: their present values are the initial weights, and layer classes
   * tell kernels from biases. After `tf.loadLayersModel` it lets `withSynced` and `syncNow` work before the first step; what was saved then
   * says what is permuted.
   *
   * @throws Error when variables are known already and are others, when nothing is trainable, when another optimizer has left them between two
   * synchronizations, or when a saved state does not fit the model.
   */
  attach(model: ModelLike): this {
    this.#binding.attach(model)
    return this
  }

  override applyGradients(gradients: NamedTensorMap | { name: string; tensor: Tensor }[]): void {
    if (this.#insideWithSynced)
      throw new Error(
        `${this.#rule.kind}: withSynced is for looking, not for training: no step can be taken inside it`,
      )
    const names = Array.isArray(gradients) ? gradients.map(({ name }) => name) : Object.keys(gradients)
    const bound = this.#binding.bind(liveVariables(names))
    const watched = bound.map((entry) => entry.watched)
    if (this.#rateAt !== undefined) setLearningRateOf(this.inner, this.#rateAt(this.iterations + 1))
    this.inner.applyGradients(gradientsInOrder(watched, gradients))
    acceptValues(watched)
    this.incrementIterations()
    this.#stepsSinceSync++
    markWeights(this.#rule.kind, bound, this.#stepsSinceSync)
    if (this.#syncRequested || isSyncStep(this.#stepsSinceSync, this.#schedule(this.iterations)))
      this.syncNow()
  }

  /**
   * Synchronize now, whatever the period says; the count towards the next synchronization starts again.
   *
   * @throws Error before the first step where no model was given; DivergedError when a weight is NaN, and then nothing is written.
   */
  syncNow(): void {
    const bound = this.#binding.bind(undefined)
    this.#writeSynced(bound, true)
    this.#innerState.onSync()
    this.#stepsSinceSync = 0
    this.#syncRequested = false
    markWeights(this.#rule.kind, bound, 0)
  }

  /** Make the next step end with a synchronization, whatever the period says. */
  syncAfterNextStep(): void {
    this.#syncRequested = true
  }

  /**
   * Call `look` with the weights synchronized, then put the weights back as they were, bit for bit, also where `look` throws or rejects.
   *
   * Validation belongs inside: between synchronizations the weights are no permutation of the initial ones. Training goes on as
   * if nothing had happened. Nothing may train inside.
   *
   * @returns what `look` returns; weights are back when it is (or, for a promise, when that has settled).
   */
  withSynced<T>(look: () => T): T {
    if (this.#insideWithSynced) return look()
    const bound = this.#binding.bind(undefined)
    this.#insideWithSynced = true
    return lookAfter(
      () => this.#writeSynced(bound, false),
      bound,
      look,
      () => {
        this.#insideWithSynced = false
        acceptInnerWeights(this.inner)
        markWeights(this.#rule.kind, bound, this.#stepsSinceSync)
      },
    )
  }

  /**
   * Whether a synchronization met NaN on a backend that cannot be read synchronously (WebGPU); everywhere else the step itself throws.
   *
   * @throws DivergedError naming the variable and the weight. Nothing was permuted since.
   */
  checkDiverged(): Promise<void> {
    return this.#guard.check()
  }

  /**
   * Accept what the variables hold now, after something else wrote them. The initial weights stay as they were.
   */
  acceptWeights(): void {
    acceptValues((this.#binding.bound() ?? []).map(({ watched }) => watched))
  }

  /**
   * Forget variables and initial weights: the next step starts from what the variables hold then, wherever another optimizer left them. The inner
   * optimizer keeps its state, so for other variables make a new one.
   */
  reset(): void {
    this.#forget(true)
    this.#stepsSinceSync = 0
    this.#syncRequested = false
  }

  /** Give back the inner optimizer's variables and this optimizer's tensors. */
  override dispose(): void {
    this.#forget(false)
    disposeTensors([...this.#handedOut])
    this.#handedOut = []
    this.#innerState.dispose()
    disposeInner(this.inner)
  }

  /**
   * The whole state: this optimizer's, and nested in it the inner one's. Reading it is the caller's business, giving it back is not: the
   * tensors stay this optimizer's.
   */
  override async getWeights(): Promise<{ name: string; tensor: Tensor }[]> {
    disposeTensors([...this.#handedOut])
    const inner = await this.inner.getWeights()
    const counters = tensor1d([this.iterations, this.#stepsSinceSync], 'int32')
    // tfjs's optimizers make a new tensor for their step counter on every call, and nobody disposes it.
    this.#handedOut = [counters, ...inner.filter(({ name }) => name === 'iter').map(({ tensor }) => tensor)]
    const own = this.#binding.ownTensors()
    const extra = fieldVariables(this.inner)
    const slow = this.#innerState.tensors().map((tensor, i) => ({ name: `${i}`, tensor }))
    return [...packState(this.#rule.kind, { counters, own, inner, extra, slow })]
  }

  /**
   * Restore what {@link getWeights} gave. Whether it fits the variables is checked when they are known: at the next step, or by {@link attach}.
   *
   * @throws Error when it is the state of another kind of optimizer.
   */
  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const state = unpackState(this.#rule.kind, weightValues)
    const [iterations, stepsSinceSync] = await state.counters.data()
    await this.inner.setWeights([...state.inner])
    restoreFieldVariables(this.inner, state.extra)
    this.#innerState.restore(state.slow.map(({ tensor }) => tensor))
    this.#forget(false)
    this.iterations_ = iterations
    this.#stepsSinceSync = stepsSinceSync
    if (iterations > 0 || state.own.length > 0) this.#binding.restore(state.own.map(({ tensor }) => tensor))
  }

  /** What the subclass's configuration starts with. */
  override getConfig(): serialization.ConfigDict {
    const variables = this.#binding.known()
    return outerToConfig({
      inner: this.inner,
      syncPeriod: this.#syncPeriod,
      learningRate: this.#learningRate,
      variables: variables === undefined ? null : savedVariablesToConfig(variables),
    })
  }

  /** The variables with what is kept for each, checked as at a step. */
  protected boundVariables(): readonly Bound[] {
    return this.#binding.bind(undefined)
  }

  #forget(takePresent: boolean): void {
    this.#binding.forget(takePresent)
    this.#guard.dispose()
  }

  /** All of a synchronization or nothing: every value is computed before the first one is written. */
  #writeSynced(bound: readonly Bound[], keepResult: boolean): void {
    writeSynced(bound, {
      synced: this.#rule.synced,
      accept: (values) =>
        this.#rule.findsNaN() ? values.map(({ next }) => next) : this.#guard.filter(values),
      keepsResult: keepResult && this.#rule.keepsSynced,
    })
    acceptInnerWeights(this.inner)
  }
}
