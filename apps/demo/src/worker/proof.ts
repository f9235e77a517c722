/** The page's claim, computed: do LaPerm's weights hold exactly the values of theta_0, vector by vector? */
import { checkPermutations, type Params, renderPermutationDifference } from '@laperm/core'
import { countMovedWeights, drawInitialParams, permutedRolesOf } from '@laperm/train'
import type { Proof } from '../messages/events.ts'
import type { Network } from '../settings/experiments.ts'

/**
 * @param network whose theta_0 is drawn again: nothing that training could have written to takes part.
 * @param trained read back from the session right after its synchronization.
 */
export const proveRun = (network: Network, trained: Params, step: number): Proof => {
  const roles = permutedRolesOf(network.experiment)
  const initial = drawInitialParams(network)
  const free = new Map<string, number>()
  for (const { role, values } of initial)
    if (!roles.includes(role)) free.set(role, (free.get(role) ?? 0) + values.length)
  const { weightVectors, permutedVectors, firstDifference } = checkPermutations(initial, trained, roles)
  return {
    step,
    weightVectors,
    permutedVectors,
    ...countMovedWeights(initial, trained, roles),
    free: [...free].map(([role, weights]) => ({ role, weights })),
    difference: firstDifference === undefined ? null : renderPermutationDifference(firstDifference),
  }
}
