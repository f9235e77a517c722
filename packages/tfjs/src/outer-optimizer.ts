/**
 * What LaPerm and Lookahead share: an optimizer around another one, which takes every step with the inner optimizer and now and
 * then synchronizes. It counts steps, watches the variables, saves and restores, and proxies the learning rate.
 */
import { isSyncStep, type Schedule, toSyncPeriodSchedule } from '@laperm/core'
import {
  dispose as disposeTensors,
  keep,
  type NamedTensorMap,
  Optimizer,
  type serialization,
  type Tensor,
  tensor1d,
  type Variable,
} from '@tensorflow/tfjs-core'
import { type Bound, bindVariables, ownTensors, type Restored, savedRoles } from './bound-variables.ts'
import { makeDivergenceGuard } from './divergence-guard.ts'
import { acceptInnerWeights, learningRateOf, setLearningRateOf } from './inner-optimizer.ts'
import {
  fieldVariables,
  type NamedTensor,
  packState,
  restoreFieldVariables,
  unpackState,
} from './optimizer-state.ts'
import { outerToConfig, type SyncPeriod } from './outer-config.ts'
import { type SavedVariable, toSavedVariables } from './saved-variables.ts'
import { type ModelLike, trainableVariables, type VariableRole } from './variable-role.ts'
import { acceptValues, assertUntouched, liveVariables } from './watched-variables.ts'
import { lookAfter, writeSynced } from './write-synced.ts'

/**
 * An optimizer around `inner`. It owns `inner` and the tensors it makes: `dispose()` gives both back.
 *
 * A step is the inner optimizer's; every k-th one ends with a synchronization of all variables, or of none when a weight is NaN.
 */
export abstract class OuterOptimizer extends Optimizer {
  /** The optimizer that takes the steps. */
  readonly inner: Optimizer
  readonly #syncPeriod: SyncPeriod
  readonly #schedule: Schedule
  readonly #guard = makeDivergenceGuard()
  readonly #savedVariables: readonly SavedVariable[] | undefined
  #model: ModelLike | undefined
  #bound: readonly Bound[] | undefined
  #restored: Restored | undefined
  #stepsSinceSync = 0
  #syncRequested = false
  #insideWithSynced = false
  #handedOut: readonly Tensor[] = []

  constructor(
    inner: Optimizer,
    syncPeriod: SyncPeriod,
    model: ModelLike | undefined,
    savedVariables: readonly SavedVariable[] | undefined,
  ) {
    super()
    if (!(inner instanceof Optimizer))
      throw new TypeError('inner: must be a tf.Optimizer, for example tf.train.adam(1e-3)')
    this.inner = inner
    this.#syncPeriod = syncPeriod
    this.#schedule = toSyncPeriodSchedule(syncPeriod)
    this.#model = model
    this.#savedVariables = savedVariables
  }

  /** Prefix of the names under which the state is saved: `laperm`, `lookahead`. */
  protected abstract readonly kind: string
  /** What each variable is for, in the order given. */
  protected abstract rolesFor(
    variables: readonly Variable[],
    model: ModelLike | undefined,
  ): readonly VariableRole[]
  /** Whether a variable of this role takes part in a synchronization. */
  protected abstract takesPart(role: VariableRole): boolean
  /** What to keep for a variable from the start: a new tensor of its shape. Called inside `tf.tidy`. */
  protected abstract capture(variable: Variable): Tensor
  /** The variable's synchronized value: a new tensor. Called inside `tf.tidy`. */
  protected abstract synced(variable: Variable, own: Tensor): Tensor
  /** Whether a synchronization's result is what to keep from then on. */
  protected abstract readonly keepsSynced: boolean
  /** Whether {@link synced} itself throws on NaN, so that the guard need not look. */
  protected abstract findsNaN(): boolean

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
    setLearningRateOf(this.inner, learningRate)
  }

  /** The same as assigning `learningRate`: what tfjs's SGD calls it. */
  setLearningRate(learningRate: number): void {
    setLearningRateOf(this.inner, learningRate)
  }

  /**
   * Take a model's variables now instead of at the first step: their present values are the initial weights, and layer classes
   * tell kernels from biases. After `tf.loadLayersModel` it lets `withSynced` and `syncNow` work before the first step.
   *
   * @throws Error when variables are known already and are others, or a saved state does not fit the model.
   */
  attach(model: ModelLike): this {
    this.#model = model
    this.#bind(trainableVariables(model))
    return this
  }

  override applyGradients(gradients: NamedTensorMap | { name: string; tensor: Tensor }[]): void {
    if (this.#insideWithSynced)
      throw new Error(
        `${this.kind}: withSynced is for looking, not for training: no step can be taken inside it`,
      )
    const names = Array.isArray(gradients) ? gradients.map(({ name }) => name) : Object.keys(gradients)
    const bound = this.#bind(liveVariables(names))
    this.inner.applyGradients(gradients)
    acceptValues(bound.map(({ watched }) => watched))
    this.incrementIterations()
    this.#stepsSinceSync++
    if (this.#syncRequested || isSyncStep(this.#stepsSinceSync, this.#schedule(this.iterations)))
      this.syncNow()
  }

  /**
   * Synchronize now, whatever the period says; the count towards the next synchronization starts again.
   *
   * @throws Error before the first step where no model was given; DivergedError when a weight is NaN, and then nothing is written.
   */
  syncNow(): void {
    const bound = this.#bind(undefined)
    this.#writeSynced(bound, true)
    this.#stepsSinceSync = 0
    this.#syncRequested = false
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
    const bound = this.#bind(undefined)
    this.#insideWithSynced = true
    return lookAfter(
      () => this.#writeSynced(bound, false),
      bound,
      look,
      () => {
        this.#insideWithSynced = false
        acceptInnerWeights(this.inner)
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
    if (this.#bound !== undefined) acceptValues(this.#bound.map(({ watched }) => watched))
  }

  /**
   * Forget variables and initial weights: the next step starts from what the variables hold then. The inner optimizer keeps its state,
   * so for variables of other shapes make a new one.
   */
  reset(): void {
    this.#forget()
    this.#stepsSinceSync = 0
    this.#syncRequested = false
  }

  /** Give back the inner optimizer's variables and this optimizer's tensors. */
  override dispose(): void {
    this.#forget()
    disposeTensors([...this.#handedOut])
    this.#handedOut = []
    this.inner.dispose()
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
    const own = ownTensors(this.#bound, this.#restored)
    return [...packState(this.kind, { counters, own, inner, extra: fieldVariables(this.inner) })]
  }

  /**
   * Restore what {@link getWeights} gave. Whether it fits the variables is checked when they are known: at the next step, or by {@link attach}.
   *
   * @throws Error when it is the state of another kind of optimizer.
   */
  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const state = unpackState(this.kind, weightValues)
    const [iterations, stepsSinceSync] = await state.counters.data()
    await this.inner.setWeights([...state.inner])
    restoreFieldVariables(this.inner, state.extra)
    this.#forget()
    this.iterations_ = iterations
    this.#stepsSinceSync = stepsSinceSync
    this.#restored =
      iterations === 0 && state.own.length === 0
        ? undefined
        : { own: state.own.map(({ tensor }) => keep(tensor.clone())) }
  }

  /** What the subclass's configuration starts with. */
  override getConfig(): serialization.ConfigDict {
    const variables =
      this.#bound === undefined
        ? this.#restored && this.#savedVariables
        : toSavedVariables(this.#bound.map(({ watched }) => watched))
    return outerToConfig(this.inner, this.#syncPeriod, variables)
  }

  #forget(): void {
    disposeTensors((this.#bound ?? []).flatMap(({ own }) => own ?? []))
    disposeTensors([...(this.#restored?.own ?? [])])
    this.#guard.dispose()
    this.#bound = undefined
    this.#restored = undefined
  }

  /** The variables this optimizer works on: those of its first step, checked ever after. */
  #bind(given: readonly Variable[] | undefined): readonly Bound[] {
    if (this.#bound !== undefined) {
      assertUntouched(
        this.#bound.map(({ watched }) => watched),
        this.kind,
        given,
      )
      return this.#bound
    }
    const variables = given ?? (this.#model && trainableVariables(this.#model))
    if (variables === undefined)
      throw new Error(
        `${this.kind}: no step has been taken, so the variables are not known. Give the option model, or call attach(model).`,
      )
    const fromFile = savedRoles(this.kind, this.#savedVariables, this.#restored, variables)
    const roles = (this.#model === undefined ? fromFile : undefined) ?? this.rolesFor(variables, this.#model)
    this.#bound = bindVariables({
      owner: this.kind,
      variables,
      roles,
      takesPart: (role) => this.takesPart(role),
      capture: (variable) => this.capture(variable),
      restored: this.#restored,
    })
    this.#restored = undefined
    return this.#bound
  }

  /** All of a synchronization or nothing: every value is computed before the first one is written. */
  #writeSynced(bound: readonly Bound[], keepResult: boolean): void {
    writeSynced(bound, {
      synced: (variable, own) => this.synced(variable, own),
      accept: (values) => (this.findsNaN() ? values.map(({ next }) => next) : this.#guard.filter(values)),
      keepsResult: keepResult && this.keepsSynced,
    })
    acceptInnerWeights(this.inner)
  }
}
