/** The page's claim, computed: do LaPerm's weights hold exactly the values of theta_0, vector by vector? */
import { checkPermutations, type Params, renderPermutationDifference } from '@laperm/core'
import { countMovedWeights } from '@laperm/train'
import type { Proof } from '../messages/events.ts'
import { drawInitialParams, modelOf } from '../settings/demo-models.ts'
import type { RunSettings } from '../settings/run-settings.ts'

/**
 * @param trained read back from the session right after its synchronization.
 * @param settings of which theta_0 is drawn again: nothing that training could have written to takes part.
 */
export const proveRun = (settings: RunSettings, trained: Params, step: number): Proof => {
  const { permutedRoles } = modelOf(settings)
  const initial = drawInitialParams(settings)
  const { weightVectors, permutedVectors, firstDifference } = checkPermutations(
    initial,
    trained,
    permutedRoles,
  )
  return {
    step,
    weightVectors,
    permutedVectors,
    ...countMovedWeights(initial, trained, permutedRoles),
    difference: firstDifference === undefined ? null : renderPermutationDifference(firstDifference),
  }
}
