/** Lookahead: slow weights that follow an inner optimizer's fast ones (Zhang et al. 2019). The paper compares LaPerm with it. */

import { isTrainable, type Params } from '../parameter.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { isSyncStep, type SyncPeriodSpec, toSyncPeriodSchedule } from '../schedules/sync-period.ts'
import { requireSetting } from '../settings/checks.ts'
import { numberRule } from '../settings/setting-rule.ts'
import type { Optimizer } from './optimizer.ts'

/** What alpha must be. */
export const slowStepSizeRule = numberRule('a number above 0 and at most 1', (x) => x > 0 && x <= 1)

/**
 * Everything that Lookahead carries from step to step; plain data.
 *
 * @typeParam S the inner optimizer's state.
 */
export interface LookaheadState<S> {
  readonly inner: S
  /** Slow weights: one array for each trainable parameter, in order. */
  readonly slow: readonly Float32Array[]
  /** Inner steps made so far. */
  readonly step: number
  /** Inner steps since the last synchronization, or since the start. */
  readonly stepsSinceSync: number
}

/** What {@link lookahead} is made of. */
export interface LookaheadOptions<S> {
  readonly inner: Optimizer<S>
  /** k of the paper: a constant, a spec, or a function of the step. */
  readonly syncPeriod: number | SyncPeriodSpec | Schedule
  /** alpha of the paper, in `(0, 1]`; 0.5 where left out. */
  readonly slowStepSize?: number
}

const moveSlowInto = (slow: Float32Array, fast: Float32Array, stepSize: number, out: Float32Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = slow[i] + stepSize * (fast[i] - slow[i])
}

/**
 * Lookahead: after every k steps of the inner optimizer `slow = slow + alpha * (fast - slow)`, and the fast weights restart from there.
 *
 * Every trainable parameter takes part. The inner optimizer's own state is kept. Computed in float64, rounded once to float32.
 * The slow weights begin as the initial weights.
 *
 * @throws RangeError at once when a setting breaks its rule; from `step` as the inner optimizer does.
 * @see arXiv:1907.08610, Algorithm 1
 */
export const lookahead = <S>(options: LookaheadOptions<S>): Optimizer<LookaheadState<S>> => {
  const { inner, slowStepSize = 0.5 } = options
  const periodAt = toSyncPeriodSchedule(options.syncPeriod)
  requireSetting('slowStepSize', slowStepSize, slowStepSizeRule)
  const trainableValues = (params: Params): readonly Float32Array[] =>
    params.filter((parameter) => isTrainable(parameter.role)).map((parameter) => parameter.values)
  return {
    name: `lookahead(${inner.name})`,
    init: (params) => ({
      inner: inner.init(params),
      slow: trainableValues(params).map((values) => values.slice()),
      step: 0,
      stepsSinceSync: 0,
    }),
    step: (gradients, state, params) => {
      const step = state.step + 1
      const stepsSinceSync = state.stepsSinceSync + 1
      const [fast, innerState] = inner.step(gradients, state.inner, params)
      if (!isSyncStep(stepsSinceSync, periodAt(step)))
        return [fast, { inner: innerState, slow: state.slow, step, stepsSinceSync }]
      const slow = trainableValues(fast).map((values, i) => {
        const out = new Float32Array(values.length)
        moveSlowInto(state.slow[i], values, slowStepSize, out)
        return out
      })
      let slot = 0
      const restarted = fast.map((parameter) =>
        isTrainable(parameter.role) ? { ...parameter, values: slow[slot++].slice() } : parameter,
      )
      return [restarted, { inner: innerState, slow, step, stepsSinceSync: 0 }]
    },
  }
}
