/** LaPerm's network with an alteration, measured in a session of its own, which is kept for the next one. */
import type { Params } from '@laperm/core'
import { inputSizeOf } from '@laperm/data'
import { orThrow, type TrainSession } from '@laperm/engine'
import { evaluateExamples, permutedRolesOf, startSession } from '@laperm/train'
import { alterParams } from '../alterations/alter-params.ts'
import type { Alteration } from '../alterations/alteration.ts'
import type { Altered } from '../messages/events.ts'
import { networkOf } from '../settings/experiments.ts'
import { orEnd } from './run-ended.ts'
import { neuronImages } from './snapshot.ts'
import type { TrainingRun } from './training-run.ts'

/** A place for the altered network of the present run. */
export interface AlteredPlace {
  /** @throws SessionFault as a step does. */
  readonly measure: (run: TrainingRun, alteration: Alteration, layer: string) => Promise<Altered>
  /** Give back the session. */
  readonly close: () => Promise<void>
}

export const makeAlteredNetwork = (): AlteredPlace => {
  let session: TrainSession | undefined

  const accuracyOf = async (run: TrainingRun, params: Params): Promise<number> => {
    // Adam's: nothing of it is sorted, and nothing of it will be permuted.
    if (session === undefined)
      session = orEnd(await startSession(networkOf(run.settings, 'adam'), run.engine, params)())
    else await orThrow(session.initialize(params))
    const { normalizer, watched, dataset } = run
    return (await orThrow(evaluateExamples(session, normalizer, watched, inputSizeOf(dataset.inputShape))))
      .accuracy
  }
  return {
    measure: async (run, alteration, layer) => {
      const { step, params: laperm } = await run.weights('laperm')
      const { params: adam } = await run.weights('adam')
      const { settings, initial } = run
      const roles = permutedRolesOf(networkOf(settings).experiment)
      const altered = alterParams({ settings, initial, laperm, adam, roles }, alteration)
      return {
        alteration,
        step,
        accuracy: await accuracyOf(run, altered),
        unaltered: await accuracyOf(run, laperm),
        images: neuronImages(altered, layer),
      }
    },
    close: async () => {
      const old = session
      session = undefined
      await old?.dispose()
    },
  }
}
