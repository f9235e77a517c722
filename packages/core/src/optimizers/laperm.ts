/**
 * LaPerm: train by permuting the initial weights. An inner optimizer moves the weights; every k steps they are replaced by the initial
 * weights in the order that they have come to.
 *
 * This is the reference. Engines keep their own copy of it next to the data; backends do its inner loop.
 */
import { namingDiverged } from '../errors/diverged-error.ts'
import { valuesOfWeightVectors, weightVectorsOf } from '../neuron-axes.ts'
import { sortInto } from '../operations/sort.ts'
import { syncInto } from '../operations/sync.ts'
import type { Parameter, ParameterRole, Params } from '../parameter.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { isSyncStep, type SyncPeriodSpec, toSyncPeriodSchedule } from '../schedules/sync-period.ts'
import type { WeightVectors } from '../weight-vectors.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * Everything that LaPerm carries from step to step; plain data.
 *
 * @typeParam S the inner optimizer's state.
 */
export interface LaPermState<S> {
  /** Kept across synchronizations: Adam's moments go on as if the weights had moved there by themselves. */
  readonly inner: S
  /** theta_sorted: one matrix of sorted weight vectors for each permuted parameter, in order. Never changes. */
  readonly sorted: readonly WeightVectors[]
  /** Inner steps made so far. */
  readonly step: number
  /** Inner steps since the last synchronization, or since the start. At 0 the parameters are permutations of the initial ones. */
  readonly stepsSinceSync: number
}

/** What {@link laPerm} is made of. */
export interface LaPermOptions<S> {
  readonly inner: Optimizer<S>
  /** k of the paper: a constant, a spec, or a function of the step. */
  readonly syncPeriod: number | SyncPeriodSpec | Schedule
  /** What is permuted; every other trainable parameter is left to the inner optimizer. The paper's default is kernels only. */
  readonly permutedRoles: readonly ParameterRole[]
}

const vectorsOf = ({ values, shape, neuronAxes }: Parameter): WeightVectors =>
  weightVectorsOf(values, shape, neuronAxes)

/**
 * theta_sorted: every weight vector of the permuted parameters, ascending.
 *
 * @param params initial weights; not written.
 * @returns one matrix for each parameter with one of `roles`, in order; values of their own.
 * @throws DivergedError naming the weight that is NaN.
 */
export const sortParams = (params: Params, roles: readonly ParameterRole[]): readonly WeightVectors[] => {
  const permuted = params.filter(({ role }) => roles.includes(role))
  return permuted.map((parameter) => {
    const vectors = vectorsOf(parameter)
    const values = new Float32Array(vectors.values.length)
    namingDiverged(parameter.name, () => sortInto(vectors, values))
    return { ...vectors, values }
  })
}

/**
 * Synchronize a whole network: `theta_t = sigma_{theta_t}(theta_sorted)` for every parameter with one of `roles`.
 *
 * @param sorted from {@link sortParams} of the initial weights, with the same roles; not written.
 * @param params the weights as the inner optimizer has left them; not written.
 * @returns parameters that hold exactly the values of `sorted`, per vector, ranked as `params` are; the others are handed on as they are.
 * @throws RangeError when `sorted` does not fit; DivergedError naming the weight that is NaN.
 * @see arXiv:2003.02570 Section 4
 */
export const syncParams = (
  sorted: readonly WeightVectors[],
  params: Params,
  roles: readonly ParameterRole[],
): Params => {
  const permuted = params.filter(({ role }) => roles.includes(role))
  if (sorted.length !== permuted.length)
    throw new RangeError(
      `sorted: needs one entry for each of the ${permuted.length} permuted parameters, got ${sorted.length}`,
    )
  let next = 0
  return params.map((parameter) => {
    if (!roles.includes(parameter.role)) return parameter
    const sortedVectors = sorted[next++]
    const vectors = vectorsOf(parameter)
    const values = new Float32Array(parameter.values.length)
    namingDiverged(parameter.name, () => syncInto(sortedVectors, vectors, values))
    const { shape, neuronAxes } = parameter
    return { ...parameter, values: valuesOfWeightVectors({ ...vectors, values }, shape, neuronAxes) }
  })
}

/**
 * LaPerm around an inner optimizer (Algorithm 1):
 *
 *     theta_t = theta_{t-1} + Opt(L, theta_{t-1}, d_t);   if k divides t:  theta_t = sigma_{theta_t}(theta_sorted)
 *
 * With a sync period that changes, k counts from the last synchronization.
 *
 * @param options the inner optimizer, the sync period and the roles to permute.
 * @returns an optimizer whose parameters are, whenever `stepsSinceSync` is 0, a permutation of the initial ones per weight vector.
 * @throws RangeError at once when the sync period breaks its rule; from `step` as the inner optimizer does, and a DivergedError
 * naming the weight when one is NaN at a synchronization.
 * @example
 * ```ts
 * const optimizer = laPerm({ inner: adam({ learningRate: 1e-3 }), syncPeriod: 20, permutedRoles: ['kernel'] })
 * ```
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const laPerm = <S>(options: LaPermOptions<S>): Optimizer<LaPermState<S>> => {
  const { inner, permutedRoles } = options
  const periodAt = toSyncPeriodSchedule(options.syncPeriod)
  return {
    name: `laperm(${inner.name})`,
    init: (params) => ({
      inner: inner.init(params),
      sorted: sortParams(params, permutedRoles),
      step: 0,
      stepsSinceSync: 0,
    }),
    step: (gradients, state, params) => {
      const step = state.step + 1
      const stepsSinceSync = state.stepsSinceSync + 1
      const [moved, innerState] = inner.step(gradients, state.inner, params)
      const { sorted } = state
      return isSyncStep(stepsSinceSync, periodAt(step))
        ? [syncParams(sorted, moved, permutedRoles), { inner: innerState, sorted, step, stepsSinceSync: 0 }]
        : [moved, { inner: innerState, sorted, step, stepsSinceSync }]
    },
  }
}
