/** The proof of the project's name on tfjs variables: each neuron holds exactly its initial weights. */
import { checkPermutations, type Parameter, type PermutationReport } from '@laperm/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Bound } from './bound-variables.ts'

/**
 * Compare every weight vector that takes part with its part of theta_sorted.
 *
 * @param bound variables with theta_sorted; nothing is written.
 * @returns core's report; the parameters are named as the variables are.
 */
export const checkBoundPermutations = async (bound: readonly Bound[]): Promise<PermutationReport> => {
  const read = async (tensor: Tensor): Promise<Float32Array> => (await tensor.data<'float32'>()).slice()
  const pairs = await Promise.all(
    bound.flatMap(({ watched: { variable, use }, own }) => {
      if (own === undefined) return []
      const { name, shape } = variable
      const { neuronAxes } = use
      return [
        Promise.all([read(own), read(variable)]).then((both) =>
          both.map((values): Parameter => ({ name, shape, role: 'kernel', values, neuronAxes })),
        ),
      ]
    }),
  )
  return checkPermutations(
    pairs.map(([initial]) => initial),
    pairs.map(([, trained]) => trained),
    ['kernel'],
  )
}
