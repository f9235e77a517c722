/** Inner optimizers as data turned into optimizers: the interpreter that every engine's own is compared with. */
import { either as E } from 'fp-ts'
import { type InvalidSetting, invalidSetting } from '../errors/errors.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { adam } from './adam.ts'
import type { InnerOptimizerSpec } from './inner-optimizer-spec.ts'
import type { InnerOptimizerState } from './inner-optimizer-state.ts'
import { momentum } from './momentum.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

/** Check an inner optimizer from outside: `Left(InvalidSetting)` names the first setting against its rule. */
export const validateInnerOptimizer = (
  spec: InnerOptimizerSpec,
): E.Either<InvalidSetting, InnerOptimizerSpec> => {
  const decayRule = 'it must be at least 0 and less than 1'
  const isDecay = (value: number): boolean => value >= 0 && value < 1
  switch (spec.kind) {
    case 'sgd':
      return E.right(spec)
    case 'momentum':
      return isDecay(spec.momentum)
        ? E.right(spec)
        : E.left(invalidSetting('momentum', spec.momentum, decayRule))
    case 'adam':
      if (!isDecay(spec.beta1)) return E.left(invalidSetting('beta1', spec.beta1, decayRule))
      if (!isDecay(spec.beta2)) return E.left(invalidSetting('beta2', spec.beta2, decayRule))
      return spec.epsilon > 0 && spec.epsilon < Number.POSITIVE_INFINITY
        ? E.right(spec)
        : E.left(invalidSetting('epsilon', spec.epsilon, 'it must be a finite number greater than 0'))
    default:
      return spec satisfies never
  }
}

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
