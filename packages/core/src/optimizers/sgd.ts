/** Stochastic gradient descent without momentum. */

import type { Schedule } from '../schedules/schedule.ts'
import type { SettingRules } from '../settings/setting-rule.ts'
import { type InnerOptimizerState, learningRateOf, updateTrainable } from './inner-optimizer-state.ts'
import type { Optimizer } from './optimizer.ts'

/** Stochastic gradient descent: `theta -= lr * g`. */
export interface SgdSpec {
  readonly kind: 'sgd'
}

/** Plain stochastic gradient descent. */
export const sgdSpec: SgdSpec = { kind: 'sgd' }
/** SGD has no settings. */
export const sgdRules: SettingRules<SgdSpec> = {}

const sgdInto = (theta: Float32Array, gradient: Float32Array, rate: number, out: Float32Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = theta[i] - rate * gradient[i]
}

/**
 * SGD: `theta_t = theta_{t-1} - lr_t * g_t`.
 *
 * The state has no slots. Float64 between float32 inputs and float32 results, one rounding a weight.
 *
 * @param options `learningRate`: a number or a function of the step, counted from 1.
 * @throws RangeError from `step`, when gradients do not fit the parameters or the learning rate is no finite number of at least 0.
 */
export const sgd = (options: {
  readonly learningRate: number | Schedule
}): Optimizer<InnerOptimizerState> => ({
  name: 'sgd',
  init: () => ({ step: 0, slots: {} }),
  step: (gradients, state, params) => {
    const step = state.step + 1
    const rate = learningRateOf(options.learningRate, step)
    const next = updateTrainable(gradients, [], state, params, (parameter, gradient) => {
      const out = new Float32Array(parameter.values.length)
      sgdInto(parameter.values, gradient, rate, out)
      return out
    })
    return [next, { step, slots: {} }]
  },
})
