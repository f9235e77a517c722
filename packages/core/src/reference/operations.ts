/**
 * The four operations, by definition: sort, rank, permute and synchronize weight vectors.
 *
 * `w[p]` of the paper's weight vector `w_j` is `w.values[p * w.count + j]`. Inputs are never written.
 */
import type { Ranking, WeightVectors } from '../weight-vectors.ts'
import { order } from './order.ts'

/** Positions of weight vectors in a matrix: 0, 1, ... `count - 1`. */
const vectorsOf = ({ count }: { readonly count: number }): readonly number[] => [...Array(count).keys()]

/**
 * theta_sorted of theta_0: every weight vector ascending, every zero as +0.
 *
 * @param w theta_0.
 * @returns weight vectors of the same size.
 * @throws DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Section 4, Algorithm 1, first line
 */
export const sort = (w: WeightVectors): WeightVectors => {
  const { length, count } = w
  const values = new Float32Array(length * count)
  for (const j of vectorsOf(w))
    order(w, j).forEach((p, r) => {
      // Adding +0 turns -0 into +0 and changes nothing else.
      values[r * count + j] = w.values[p * count + j] + 0
    })
  return { values, length, count }
}

/**
 * The ranking R_j of every weight vector: `w_j[p] > w_j[q]` implies `R_j[p] > R_j[q]`, and so does `w_j[p] = w_j[q]` with `p > q`.
 *
 * @returns ranks from 0 to `length - 1`, each once per vector.
 * @throws DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Section 3
 */
export const rank = (w: WeightVectors): Ranking => {
  const { length, count } = w
  const ranks = new Uint32Array(length * count)
  for (const j of vectorsOf(w))
    order(w, j).forEach((p, r) => {
      ranks[p * count + j] = r
    })
  return { ranks, length, count }
}

/**
 * Index every sorted weight vector by a ranking: `result_j[p] = sorted_j[R_j[p]]`.
 *
 * @param sorted theta_sorted.
 * @param ranking R, of the same size.
 * @see arXiv:2003.02570 Section 4, Synchronization
 */
export const permute = (sorted: WeightVectors, ranking: Ranking): WeightVectors => {
  const { length, count } = sorted
  const values = Float32Array.from(ranking.ranks, (r, at) => sorted.values[r * count + (at % count)])
  return { values, length, count }
}

/**
 * Synchronization: theta_t becomes sigma_{theta_t}(theta_sorted), the values of theta_sorted in the ranking of theta_t.
 *
 * @param sorted theta_sorted.
 * @param w theta_t as the inner optimizer has left it, of the same size.
 * @throws DivergedError when a weight of `w` is NaN.
 * @see arXiv:2003.02570 Section 4, Synchronization
 */
export const sync = (sorted: WeightVectors, w: WeightVectors): WeightVectors => permute(sorted, rank(w))
