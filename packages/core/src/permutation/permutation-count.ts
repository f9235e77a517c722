/** How many networks LaPerm can reach: the number of vector-wise permutations, as its decimal logarithm. */

import { type NeuronAxes, weightVectorsLayout, weightVectorsOf } from '../neuron-axes.ts'
import { sortInto } from '../operations/sort.ts'
import type { ParameterRole, Params } from '../parameter.ts'

/** log10(0!), log10(1!), ... log10(n!). */
const log10Factorials = (n: number): Float64Array => {
  const table = new Float64Array(n + 1)
  for (let i = 2; i <= n; i++) table[i] = table[i - 1] + Math.log10(i)
  return table
}

/**
 * log10 of the number of vector-wise permutations: `sum_j log10(#w_j!)`.
 *
 * About 1.61e7 for Conv2, 8.08e6 for Conv4, 8.3e5 for Conv7 and 4.7e7 for Conv13, kernels only, as in the paper.
 *
 * @param parameters anything with a shape and a role: a model's inventory or its parameters.
 * @param roles which of them are permuted; kernels where left out.
 * @see arXiv:2003.02570 Section 5.2
 */
export const log10PermutationCount = (
  parameters: readonly {
    readonly shape: readonly number[]
    readonly role: ParameterRole
    readonly neuronAxes?: NeuronAxes
  }[],
  roles: readonly ParameterRole[] = ['kernel'],
): number => {
  const sizes = parameters
    .filter(({ role }) => roles.includes(role))
    .map(({ shape, neuronAxes }) => weightVectorsLayout(shape, neuronAxes))
  const table = log10Factorials(Math.max(0, ...sizes.map(({ length }) => length)))
  return sizes.reduce((sum, { length, count }) => sum + count * table[length], 0)
}

/**
 * log10 of the number of DIFFERENT networks among them, where equal values count once: `sum_j log10(#w_j! / prod_v multiplicity(v)!)`.
 *
 * Of a vector whose weights all differ it is log10(#w_j!); of one with a single shared value, 0. Both zeros are one value.
 *
 * @param params initial weights; not written.
 * @param roles which of them are permuted; kernels where left out.
 * Cost: one sort.
 * @throws DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Section 5.4: pruning divides the number by the factorial of the number of zeros.
 */
export const log10DistinctPermutationCount = (
  params: Params,
  roles: readonly ParameterRole[] = ['kernel'],
): number => {
  let total = log10PermutationCount(params, roles)
  for (const { shape, role, values, neuronAxes } of params) {
    if (!roles.includes(role)) continue
    const vectors = weightVectorsOf(values, shape, neuronAxes)
    const { length, count } = vectors
    const table = log10Factorials(length)
    const sorted = new Float32Array(values.length)
    sortInto(vectors, sorted)
    for (let j = 0; j < count; j++) {
      let multiplicity = 1
      for (let i = 1, at = j + count; i <= length; i++, at += count) {
        if (i < length && sorted[at] === sorted[at - count]) multiplicity++
        else {
          total -= table[multiplicity]
          multiplicity = 1
        }
      }
    }
  }
  return total
}
