/**
 * The order of a weight vector, by definition.
 */
import { DivergedError } from '../errors/diverged-error.ts'
import type { WeightVectors } from '../weight-vectors.ts'

/** Weight vector `j`: column `j` of the matrix. */
const weightVector = ({ values, length, count }: WeightVectors, j: number): number[] =>
  Array.from({ length }, (_, i) => values[i * count + j])

/**
 * The indices of weight vector `j` from its smallest weight to its largest.
 *
 * Ascending; -0 equals +0; equal weights keep index order; infinities are numbers. The paper leaves the order of equal weights open (Section 3). This is
 * the order of the authors' code, a stable argsort.
 *
 * @param w weight vectors; not written.
 * @param j which vector, from 0.
 * @returns `length` indices, each once.
 * @throws DivergedError when a weight is NaN: it has no place in an order.
 * @example
 * ```ts
 * order({ values: Float32Array.of(0.3, -1, 0.3), length: 3, count: 1 }, 0) // [1, 0, 2]
 * ```
 * @see arXiv:2003.02570 Section 3
 */
export const order = (w: WeightVectors, j: number): readonly number[] => {
  const vector = weightVector(w, j)
  const diverged = vector.findIndex(Number.isNaN)
  if (diverged >= 0) throw new DivergedError(j, diverged)
  // `sort` of an array is stable.
  return [...vector.keys()].sort((p, q) => (vector[p] < vector[q] ? -1 : vector[p] > vector[q] ? 1 : 0))
}
