/** Adam, with Keras's placement of epsilon or tfjs's. */

import { integerPower } from '../arithmetic/integer-power.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { requireSetting } from '../settings/checks.ts'
import { oneOf, positive, type SettingRules, share } from '../settings/setting-rule.ts'
import {
  type InnerOptimizerState,
  learningRateOf,
  updateTrainable,
  zeroSlot,
} from './inner-optimizer-state.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * Adam. `keras`: `theta -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)`;
 * `tfjs`: `theta -= lr * mHat / (sqrt(vHat) + epsilon)`.
 */
export interface AdamSpec {
  readonly kind: 'adam'
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly epsilonPlacement: 'keras' | 'tfjs'
}

/** Keras's defaults: beta1 0.9, beta2 0.999, epsilon 1e-7, added to sqrt(v). */
export const adamSpec: AdamSpec = {
  kind: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  epsilonPlacement: 'keras',
}

/** The rule of each setting. */
export const adamRules: SettingRules<AdamSpec> = {
  beta1: share,
  beta2: share,
  epsilon: positive,
  epsilonPlacement: oneOf(['keras', 'tfjs']),
}

/**
 * Adam's factors at a step: `m' = oldM m + newM g`, `v' = oldV v + newV g^2`, `theta' = theta - rate m' / (sqrt(v') + epsilon)`.
 *
 * `rate = lr sqrt(1 - b2^t) / (1 - b1^t)` corrects the bias of both moments. `keras` adds epsilon itself; `tfjs` adds it to the corrected
 * `sqrt(v') / sqrt(1 - b2^t)`, which is the same formula with `epsilon sqrt(1 - b2^t)`.
 *
 * @param step counted from 1.
 * @returns float64; the powers by multiplication alone, so the same on every engine.
 * @see Kingma and Ba, arXiv:1412.6980, the end of section 2
 */
export const adamFactors = (
  { beta1, beta2, epsilon, epsilonPlacement }: Omit<AdamSpec, 'kind'>,
  learningRate: number,
  step: number,
) => {
  const root = Math.sqrt(1 - integerPower(beta2, step))
  return {
    oldM: beta1,
    newM: 1 - beta1,
    oldV: beta2,
    newV: 1 - beta2,
    rate: (learningRate * root) / (1 - integerPower(beta1, step)),
    epsilon: epsilonPlacement === 'keras' ? epsilon : epsilon * root,
  } as const
}

/** What Adam multiplies and adds at a step. */
export type AdamFactors = ReturnType<typeof adamFactors>

const adamInto = (
  theta: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { oldM, newM, oldV, newV, rate, epsilon }: AdamFactors,
  outTheta: Float32Array,
  outM: Float32Array,
  outV: Float32Array,
): void => {
  for (let i = 0; i < outTheta.length; i++) {
    const g = gradient[i]
    outM[i] = oldM * m[i] + newM * g
    outV[i] = oldV * v[i] + newV * g * g
    // Read back: the moments that are stored are the moments that move the weight.
    outTheta[i] = theta[i] - (rate * outM[i]) / (Math.sqrt(outV[i]) + epsilon)
  }
}

/**
 * Adam: `m_t = b1 m_{t-1} + (1 - b1) g_t`, `v_t = b2 v_{t-1} + (1 - b2) g_t^2`, then with `epsilonPlacement`
 *
 * - `keras` (the default, and the paper's): `theta_t = theta_{t-1} - lr_t sqrt(1 - b2^t) / (1 - b1^t) * m_t / (sqrt(v_t) + epsilon)`;
 * - `tfjs`: `theta_t = theta_{t-1} - lr_t mHat / (sqrt(vHat) + epsilon)` with `mHat = m_t / (1 - b1^t)`, `vHat = v_t / (1 - b2^t)`.
 *
 * The second is the first with an epsilon of `epsilon * sqrt(1 - b2^t)`, and so it is computed: 31 times smaller at the first step with
 * the usual b2, the same in the long run. It matters where gradients are tiny.
 *
 * Slots: `m`, `v`. Float64 between float32 inputs and float32 results; the powers by multiplication alone, so the same on every engine.
 *
 * @param options `learningRate`: a number or a function of the step, counted from 1; the others as {@link adamSpec} where left out.
 * @throws RangeError at once when a beta is outside `[0, 1)` or epsilon is not greater than 0; from `step` as {@link sgd} does.
 * @see arXiv:1412.6980; https://keras.io/api/optimizers/adam/; tfjs-core/src/optimizers/adam_optimizer.ts
 */
export const adam = (
  options: { readonly learningRate: number | Schedule } & Partial<Omit<AdamSpec, 'kind'>>,
): Optimizer<InnerOptimizerState> => {
  const { learningRate, ...spec } = { ...adamSpec, ...options }
  for (const name of ['beta1', 'beta2', 'epsilon'] as const) requireSetting(name, spec[name], adamRules[name])
  return {
    name: 'adam',
    init: (params) => ({ step: 0, slots: { m: zeroSlot(params), v: zeroSlot(params) } }),
    step: (gradients, state, params) => {
      const step = state.step + 1
      const factors = adamFactors(spec, learningRateOf(learningRate, step), step)
      const m: Float32Array[] = []
      const v: Float32Array[] = []
      const next = updateTrainable(gradients, ['m', 'v'], state, params, ({ values }, gradient, slot) => {
        const out = new Float32Array(values.length)
        const outM = new Float32Array(values.length)
        const outV = new Float32Array(values.length)
        const beforeM = state.slots['m'][slot]
        const beforeV = state.slots['v'][slot]
        adamInto(values, gradient, beforeM, beforeV, factors, out, outM, outV)
        m.push(outM)
        v.push(outV)
        return out
      })
      return [next, { step, slots: { m, v } }]
    },
  }
}
