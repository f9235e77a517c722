/** The law of a state that is torn: it needs a step that fails halfway, which only who knows the engine can make. */
import { type Engine, orThrow, type SessionError, type TrainSession } from '@laperm/engine'
import type { Model } from '@laperm/models'
import { either as E, type taskEither as TE } from 'fp-ts'
import { batchSize, learningRate, require, requireSameState, train, withSession } from './law-session.ts'
import { makeBatch } from './make-params.ts'
import { denseNet } from './sample-models.ts'

/** How a training step is made to fail after it has begun to write. */
export interface TornStep {
  /** A model that this can be done with; default: a small one of dense layers. */
  readonly model?: Model
  /** Train step 2 so that it fails halfway. */
  readonly tear: (session: TrainSession) => TE.TaskEither<SessionError, unknown>
}

/** After a torn step every call but `initialize` and `writeState` is refused, and the state that is written is whole. */
export const tornStepLaw =
  ({ model = denseNet, tear }: TornStep) =>
  (engine: Engine): Promise<void> =>
    withSession(engine, model, async (session, initial) => {
      await train(session, 1, 1)
      const whole = await orThrow(session.readState())
      const tearing = async (): Promise<void> => {
        require(E.isLeft(await tear(session)()), 'the step that was to fail halfway succeeded')
        const batch = makeBatch(session.inferred, batchSize, 1)
        const calls = {
          trainStep: session.trainStep(batch, learningRate, 2),
          evaluate: session.evaluate(batch),
          sync: session.sync(),
          readParams: session.readParams(),
          readState: session.readState(),
        }
        for (const [call, task] of Object.entries<TE.TaskEither<SessionError, unknown>>(calls)) {
          const answer = await task()
          require(E.isLeft(answer) &&
            answer.left._tag === 'EngineStopped' &&
            answer.left.remedy ===
              'restoreState', `${call} on a torn state is not answered with EngineStopped and restoreState`)
        }
      }
      await tearing()
      await orThrow(session.writeState(whole))
      requireSameState(await orThrow(session.readState()), whole, 'after it was restored')
      await train(session, 2, 2)
      await tearing()
      await orThrow(session.initialize(initial))
      await train(session, 1, 1)
      requireSameState(await orThrow(session.readState()), whole, 'after the session was initialized again')
    })
