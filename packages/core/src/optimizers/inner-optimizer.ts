/**
 * Every inner optimizer there is, as data and as the optimizer that it means: what every engine's own is compared with. A new one is a file of
 * this folder and its lines here.
 */
import type * as E from '../either.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { checkSpec, type KindRules } from '../settings/checks.ts'
import { type SettingError, settle } from '../settings/setting-problem.ts'
import { type AdamSpec, adam, adamRules, adamSpec } from './adam.ts'
import type { InnerOptimizerState } from './inner-optimizer-state.ts'
import { type MomentumSpec, momentum, momentumRules, momentumSpec } from './momentum.ts'
import type { Optimizer } from './optimizer.ts'
import { type SgdSpec, sgd, sgdRules, sgdSpec } from './sgd.ts'

/** An inner optimizer as data: engines compile it, core interprets it. */
export type InnerOptimizerSpec = SgdSpec | MomentumSpec | AdamSpec

/** Inner optimizers by the name a person types, each with its defaults. */
export const innerOptimizers = {
  adam: adamSpec,
  sgd: sgdSpec,
  momentum: momentumSpec,
  nesterov: { ...momentumSpec, nesterov: true },
} as const satisfies Readonly<Record<string, InnerOptimizerSpec>>

const innerOptimizerRules: KindRules<InnerOptimizerSpec> = {
  sgd: sgdRules,
  momentum: momentumRules,
  adam: adamRules,
}

/**
 * Check an inner optimizer from outside.
 *
 * @param setting what it is called in errors.
 * @returns `Left` naming the first setting against its rule.
 */
export const checkInnerOptimizer = (
  value: unknown,
  setting = 'innerOptimizer',
): E.Either<SettingError, InnerOptimizerSpec> =>
  settle(() => checkSpec<InnerOptimizerSpec>(setting, value, innerOptimizerRules))

/**
 * The optimizer that a spec means.
 *
 * @param learningRate a number or a function of the step, counted from 1.
 * @throws RangeError when a setting breaks its rule (ask {@link checkInnerOptimizer} first for settings from outside).
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
