/** LaPerm's network as it was at an earlier synchronization, asked about drawn digits in a session of its own. */
import { orThrow, type TrainSession } from '@laperm/engine'
import { startSession } from '@laperm/train'
import type { NeuronView } from '../messages/events.ts'
import { networkOf } from '../settings/experiments.ts'
import { classify } from './opinions.ts'
import { orEnd } from './run-ended.ts'
import { type View, viewNeuron } from './snapshot.ts'
import type { TrainingRun } from './training-run.ts'

/** A place for one earlier network of the present run. */
export interface PastPlace {
  /** Go back to a synchronization, or to the present with null. @returns what is seen there; null in the present. */
  readonly goTo: (run: TrainingRun, step: number | null, view: View) => NeuronView | null
  /** The synchronization that was gone back to; null in the present. */
  readonly step: () => number | null
  /** Null in the present. @throws SessionFault as a step does. */
  readonly classify: (run: TrainingRun, image: Float32Array) => Promise<readonly number[] | null>
  /** Give back the session, and be in the present. */
  readonly close: () => Promise<void>
}

export const makePastNetwork = (): PastPlace => {
  let step: number | null = null
  let session: TrainSession | undefined
  /** Whose weights the session has. */
  let inSession: number | null = null

  const sessionAt = async (run: TrainingRun, wanted: number): Promise<TrainSession> => {
    if (session !== undefined && inSession === wanted) return session
    const { params } = run.at(wanted)
    // Adam's: nothing of it is sorted, and nothing of it will be permuted.
    if (session === undefined)
      session = orEnd(await startSession(networkOf(run.settings, 'adam'), run.engine, params)())
    else await orThrow(session.initialize(params))
    inSession = wanted
    return session
  }
  return {
    goTo: (run, wanted, view) => {
      if (wanted === null) {
        step = null
        return null
      }
      const moment = run.at(wanted)
      step = moment.step
      return viewNeuron(view, moment.step, run.initial, moment.params)
    },
    step: () => step,
    classify: async (run, image) =>
      step === null ? null : classify(await sessionAt(run, step), run.normalizer, image),
    close: async () => {
      const old = session
      session = undefined
      inSession = null
      step = null
      await old?.dispose()
    },
  }
}
