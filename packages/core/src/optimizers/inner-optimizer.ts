/**
 * Every inner optimizer there is, as data and as the optimizer that it means: what every engine's own is compared with. A new one is a file of
 * this folder and its lines here.
 */
import { either as E } from 'fp-ts'
import { type InvalidSetting, invalidSetting } from '../errors/errors.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { type AdamSpec, adam, adamRules, adamSpec } from './adam.ts'
import type { InnerOptimizerState } from './inner-optimizer-state.ts'
import { type MomentumSpec, momentum, momentumRules, momentumSpec } from './momentum.ts'
import type { Optimizer } from './optimizer.ts'
import type { SettingRule } from './setting-rule.ts'
import { type SgdSpec, sgd, sgdRules, sgdSpec } from './sgd.ts'

export { type AdamSpec, adam, adamSpec } from './adam.ts'
export { type MomentumSpec, momentum, momentumSpec } from './momentum.ts'
export { type SgdSpec, sgd, sgdSpec } from './sgd.ts'

/** An inner optimizer as data: engines compile it, core interprets it. */
export type InnerOptimizerSpec = SgdSpec | MomentumSpec | AdamSpec

/** Inner optimizers by the name a person types, each with its defaults. */
export const innerOptimizers = {
  adam: adamSpec,
  sgd: sgdSpec,
  momentum: momentumSpec,
  nesterov: { ...momentumSpec, nesterov: true },
} as const satisfies Readonly<Record<string, InnerOptimizerSpec>>

const rulesOf: Readonly<Record<InnerOptimizerSpec['kind'], Readonly<Record<string, SettingRule>>>> = {
  sgd: { ...sgdRules },
  momentum: { ...momentumRules },
  adam: { ...adamRules },
}

/** Names of every kind's settings. */
export const innerOptimizerSettings = {
  sgd: Object.keys(sgdRules),
  momentum: Object.keys(momentumRules),
  adam: Object.keys(adamRules),
} as const satisfies Readonly<Record<InnerOptimizerSpec['kind'], readonly string[]>>

/**
 * An inner optimizer from outside.
 *
 * @param settings those of the kind; others are left out.
 * @returns `Left(InvalidSetting)` naming the first setting against its rule.
 */
export const parseInnerOptimizer = (
  kind: InnerOptimizerSpec['kind'],
  settings: Readonly<Record<string, unknown>>,
): E.Either<InvalidSetting, InnerOptimizerSpec> => {
  const rules = Object.entries(rulesOf[kind])
  for (const [name, { says, holds }] of rules)
    if (!holds(settings[name])) return E.left(invalidSetting(name, settings[name], says))
  // Every setting of the kind has a rule, and each was applied.
  return E.right({
    kind,
    ...Object.fromEntries(rules.map(([name]) => [name, settings[name]])),
  } as InnerOptimizerSpec)
}

/** Check an inner optimizer: `Left(InvalidSetting)` names the first setting against its rule. */
export const validateInnerOptimizer = (
  spec: InnerOptimizerSpec,
): E.Either<InvalidSetting, InnerOptimizerSpec> => parseInnerOptimizer(spec.kind, { ...spec })

/**
 * The optimizer that a spec means.
 *
 * @param learningRate a number or a function of the step, counted from 1.
 * @throws RangeError when a setting breaks its rule (ask {@link validateInnerOptimizer} first for settings from outside).
 */
export const makeInnerOptimizer = (
  spec: InnerOptimizerSpec,
  learningRate: number | Schedule,
): Optimizer<InnerOptimizerState> => {
  switch (spec.kind) {
    case 'sgd':
      return sgd({ learningRate })
    case 'momentum':
      return momentum({ learningRate, momentum: spec.momentum, nesterov: spec.nesterov })
    case 'adam':
      return adam({
        learningRate,
        beta1: spec.beta1,
        beta2: spec.beta2,
        epsilon: spec.epsilon,
        epsilonPlacement: spec.epsilonPlacement,
      })
    default:
      return spec satisfies never
  }
}
