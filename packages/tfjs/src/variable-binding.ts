/**
 * The variables that an outer optimizer works on: unknown until its first step or `attach`, the same ever after, until it forgets them.
 */
import { dispose as disposeTensors, keep, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import { type Bound, bindVariables, ownTensors, type Restored, savedUses } from './bound-variables.ts'
import { type ModelLike, trainableVariables } from './layer-weights.ts'
import type { NamedTensor } from './optimizer-state.ts'
import type { OuterRule } from './outer-rule.ts'
import type { SavedVariable } from './saved-variables.ts'
import { assertSynced, unmarkWeights } from './unsynced-weights.ts'
import { assertUntouched, type WatchedVariable } from './watched-variables.ts'

/** What a binding is made of. */
export interface BindingSetup {
  readonly rule: OuterRule
  readonly model: ModelLike | undefined
  /** From a configuration; they count once a state is restored with them. */
  readonly savedVariables: readonly SavedVariable[] | undefined
  /** Told once what the rule has to say about the variables. */
  readonly warn: (message: string) => void
}

/** Variables with what is kept for each; whoever makes it disposes it by `forget`. */
export interface VariableBinding {
  /**
   * The variables, bound where they were not; afterwards checked.
   *
   * @param given the variables of this step; undefined asks for those that are bound, or the model's.
   * @throws Error that says what does not fit, and what to call.
   */
  readonly bind: (given: readonly Variable[] | undefined) => readonly Bound[]
  /** Bind this model's variables. */
  readonly attach: (model: ModelLike) => void
  /** The bound variables, unchecked; undefined where there are none. */
  readonly bound: () => readonly Bound[] | undefined
  /** Keep copies of these for variables that are bound later, in their order. */
  readonly restore: (own: readonly Tensor[]) => void
  /** What is kept, as it is saved. */
  readonly ownTensors: () => readonly NamedTensor[]
  /** What is saved of the variables; undefined where they are not known. */
  readonly known: () => readonly (WatchedVariable | SavedVariable)[] | undefined
  /** Give back what is kept. @param takePresent whether the next values found are initial weights, wherever they come from. */
  readonly forget: (takePresent: boolean) => void
}

/** Make a binding without variables. */
export const makeVariableBinding = (setup: BindingSetup): VariableBinding => {
  const { rule, savedVariables, warn } = setup
  let { model } = setup
  let bound: readonly Bound[] | undefined
  let restored: Restored | undefined
  let takesPresent = false

  const bindFirst = (variables: readonly Variable[]): readonly Bound[] => {
    if (takesPresent) unmarkWeights(variables)
    else if (restored === undefined) assertSynced(rule.kind, variables)
    const uses = savedUses(rule.kind, savedVariables, restored, variables) ?? rule.usesFor(variables, model)
    const { takesPart, capture } = rule
    const first = bindVariables({ owner: rule.kind, variables, uses, takesPart, capture, restored })
    restored = undefined
    takesPresent = false
    const concern = rule.concern(first)
    if (concern !== undefined) warn(concern)
    return first
  }
  const bind = (given: readonly Variable[] | undefined): readonly Bound[] => {
    if (bound !== undefined) {
      assertUntouched(
        bound.map(({ watched }) => watched),
        rule.kind,
        given,
      )
      return bound
    }
    const variables = given ?? (model && trainableVariables(model))
    if (variables === undefined)
      throw new Error(
        `${rule.kind}: no step has been taken, so the variables are not known. Give the option model, or call attach(model).`,
      )
    bound = bindFirst(variables)
    return bound
  }
  const forget = (takePresent: boolean): void => {
    disposeTensors((bound ?? []).flatMap(({ own }) => own ?? []))
    disposeTensors([...(restored?.own ?? [])])
    bound = undefined
    restored = undefined
    takesPresent = takePresent
  }
  return {
    bind,
    attach: (attached) => {
      model = attached
      bind(trainableVariables(attached))
    },
    bound: () => bound,
    restore: (own) => {
      restored = { own: own.map((tensor) => keep(tensor.clone())) }
    },
    ownTensors: () => ownTensors(bound, restored),
    known: () =>
      bound?.map(({ watched }) => watched) ?? (restored === undefined ? undefined : savedVariables),
    forget,
  }
}
