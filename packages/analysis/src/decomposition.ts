/** Weights as shared values in places of their own, and what is left: w_j = sigma_j(theta) + delta_j (Section 5.3). */
import type { WeightVectors } from '@laperm/core'
import { rankInto } from '@laperm/core/kernel'

/**
 * How the sum of the squares of a layer's weights splits, with theta in each vector's order.
 *
 * The paper leaves open how the three are measured. Here each is what knowing it adds: who knows theta but no locations can say of each weight
 * but theta's mean (`d2Theta`); locations add theta's deviations from it (`d1`); the rest is `d2Delta`.
 */
export interface DecompositionEnergy {
  /** Sum of the squares of all weights. */
  readonly total: number
  /** D1, locations: count * sum_r (theta[r] - mean of theta)^2. */
  readonly d1: number
  /** D2-theta, the shared values without their locations: count * length * (mean of theta)^2. */
  readonly d2Theta: number
  /** D2-delta, the deviations of each vector: sum of delta^2. */
  readonly d2Delta: number
  /** 2 * sum of sigma(theta) * delta: `total` less the three; 0 up to rounding where theta is the mean sorted vector. */
  readonly cross: number
}

/** A layer taken apart. */
export interface Decomposition {
  readonly energy: DecompositionEnergy
  /** sigma_j(theta): theta's values where the weights of the same ranks are, as float32. */
  readonly located: WeightVectors
}

/**
 * Put shared values where a layer's weights of the same rank are, and measure what that leaves.
 *
 * @param w weight vectors of finite numbers; not written.
 * @param theta `w.length` values, ascending; equal weights take theirs by index.
 * @returns `located` is new memory. Cost: one ranking and one pass.
 * @throws RangeError when theta has another length; DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Section 5.3
 */
export const decompose = (w: WeightVectors, theta: Float64Array): Decomposition => {
  const { values, length, count } = w
  if (theta.length !== length) throw new RangeError(`theta: must have ${length} values, got ${theta.length}`)
  const ranks = new Uint32Array(values.length)
  rankInto(w, ranks)
  const located = new Float32Array(values.length)
  let total = 0
  let d2Delta = 0
  let cross = 0
  for (let at = 0; at < values.length; at++) {
    const shared = theta[ranks[at]]
    const delta = values[at] - shared
    located[at] = shared
    total += values[at] * values[at]
    d2Delta += delta * delta
    cross += 2 * shared * delta
  }
  const mean = length === 0 ? 0 : theta.reduce((sum, value) => sum + value, 0) / length
  const d1 = count * theta.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    energy: { total, d1, d2Theta: count * length * mean * mean, d2Delta, cross },
    located: { values: located, length, count },
  }
}
