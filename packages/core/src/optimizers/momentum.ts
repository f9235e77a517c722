/** SGD with momentum, Keras's form, with Nesterov's as an option. */

import type { Schedule } from '../schedules/schedule.ts'
import { requireSetting } from '../settings/checks.ts'
import { type SettingRules, share, truth } from '../settings/setting-rule.ts'
import {
  type InnerOptimizerState,
  learningRateOf,
  updateTrainable,
  zeroSlot,
} from './inner-optimizer-state.ts'
import type { Optimizer } from './optimizer.ts'

/** Keras's momentum: `v = momentum * v - lr * g; theta += v`, or Nesterov's `theta += momentum * v - lr * g`. */
export interface MomentumSpec {
  readonly kind: 'momentum'
  /** In `[0, 1)`. */
  readonly momentum: number
  readonly nesterov: boolean
}

/** Momentum 0.9, not Nesterov's. */
export const momentumSpec: MomentumSpec = { kind: 'momentum', momentum: 0.9, nesterov: false }
/** The rule of each setting. */
export const momentumRules: SettingRules<MomentumSpec> = { momentum: share, nesterov: truth }

const momentumInto = (
  theta: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  rate: number,
  momentum: number,
  nesterov: boolean,
  outTheta: Float32Array,
  outVelocity: Float32Array,
): void => {
  for (let i = 0; i < outTheta.length; i++) {
    const push = rate * gradient[i]
    outVelocity[i] = momentum * velocity[i] - push
    // Read back: the velocity that is stored is the velocity that moves the weight.
    const v = outVelocity[i]
    outTheta[i] = theta[i] + (nesterov ? momentum * v - push : v)
  }
}

/**
 * Momentum: `v_t = momentum * v_{t-1} - lr_t * g_t`, then `theta_t = theta_{t-1} + v_t`, or with `nesterov`
 * `theta_t = theta_{t-1} + momentum * v_t - lr_t * g_t`.
 *
 * Keras's form: the learning rate is inside the velocity (PyTorch keeps it outside, which differs when the rate changes).
 * Slot: `velocity`. Float64 between float32 inputs and float32 results.
 *
 * @param options `learningRate`: a number or a function of the step, counted from 1; `momentum` in `[0, 1)`, 0.9 where left out.
 * @throws RangeError at once when momentum is outside `[0, 1)`; from `step` as {@link sgd} does.
 * @see https://keras.io/api/optimizers/sgd/
 */
export const momentum = (options: {
  readonly learningRate: number | Schedule
  readonly momentum?: number
  readonly nesterov?: boolean
}): Optimizer<InnerOptimizerState> => {
  const factor = options.momentum ?? momentumSpec.momentum
  const nesterov = options.nesterov ?? momentumSpec.nesterov
  requireSetting('momentum', factor, share)
  return {
    name: 'momentum',
    init: (params) => ({ step: 0, slots: { velocity: zeroSlot(params) } }),
    step: (gradients, state, params) => {
      const step = state.step + 1
      const rate = learningRateOf(options.learningRate, step)
      const velocity: Float32Array[] = []
      const next = updateTrainable(gradients, ['velocity'], state, params, (parameter, gradient, slot) => {
        const out = new Float32Array(parameter.values.length)
        const outVelocity = new Float32Array(parameter.values.length)
        const before = state.slots['velocity'][slot]
        momentumInto(parameter.values, gradient, before, rate, factor, nesterov, out, outVelocity)
        velocity.push(outVelocity)
        return out
      })
      return [next, { step, slots: { velocity } }]
    },
  }
}
