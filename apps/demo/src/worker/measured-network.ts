/** Weights in a session of their own, measured on the whole test set: of a file, or of a network that is saved. */
import type { Params } from '@laperm/core'
import { inputSizeOf } from '@laperm/data'
import type { Engine, EngineError, SessionError, TrainSession } from '@laperm/engine'
import { evaluateExamples, startSession } from '@laperm/train'
import { either as E } from 'fp-ts'
import { networkOf } from '../settings/experiments.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import type { Shelved } from './data-shelf.ts'

export interface MeasuredNetwork {
  /** The caller's to dispose of. */
  readonly session: TrainSession
  readonly accuracy: number
}

/** @param params of the settings' network. */
export const measureNetwork = async (
  engine: Engine,
  settings: RunSettings,
  params: Params,
  { dataset, normalizer }: Shelved,
): Promise<E.Either<EngineError | SessionError, MeasuredNetwork>> => {
  // Adam's: nothing of it is sorted, and nothing of it will be permuted.
  const started = await startSession(networkOf(settings, 'adam'), engine, params)()
  if (E.isLeft(started)) return started
  const session = started.right
  const score = await evaluateExamples(session, normalizer, dataset.test, inputSizeOf(dataset.inputShape))()
  if (E.isRight(score)) return E.right({ session, accuracy: score.right.accuracy })
  await session.dispose()
  return score
}
