/**
 * One step of LaPerm, by definition: the loop body of Algorithm 1.
 */
import type { WeightVectors } from '../weight-vectors.ts'
import { sync } from './operations.ts'

/** The weights of a network: a matrix of weight vectors for each of its variables that are permuted. */
export type Theta = readonly WeightVectors[]

/**
 * An inner optimizer on mini-batch d_t: gives `theta_{t-1} + Opt(L, theta_{t-1}, d_t)`.
 *
 * The sum, where the paper has the difference: in float32 `a + (b - a)` is not `b`.
 */
export type InnerStep = (theta: Theta, t: number) => Theta

/**
 * Step t of LaPerm:
 *
 *     theta_t = theta_{t-1} + Opt(L, theta_{t-1}, d_t);   if k divides t:  theta_t = sigma_{theta_t}(theta_sorted)
 *
 * @param inner the inner optimizer.
 * @param k synchronization period, an integer of at least 1.
 * @param thetaSorted every weight vector of theta_0 ascending; the same at every step.
 * @param theta theta_{t-1}.
 * @param t the step, from 1.
 * @returns theta_t. Where k divides t, every weight vector holds exactly the weights of theta_0.
 * @throws DivergedError when a weight is NaN at a synchronization.
 * @example
 * ```ts
 * const thetaSorted = theta0.map(sort)
 * let theta = theta0
 * for (let t = 1; t <= 100; t++) theta = laPermStep(inner, 20, thetaSorted, theta, t)
 * ```
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const laPermStep = (
  inner: InnerStep,
  k: number,
  thetaSorted: Theta,
  theta: Theta,
  t: number,
): Theta => {
  const moved = inner(theta, t)
  return t % k === 0 ? moved.map((w, i) => sync(thetaSorted[i], w)) : moved
}
