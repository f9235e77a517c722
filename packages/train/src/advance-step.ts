/** A training step with all that is due after it, for whoever looks at a loop between steps. */
import type { SessionError } from '@laperm/engine'
import { either as E, type taskEither as TE } from 'fp-ts'
import type { Advance, TrainingLoop } from './training-loop.ts'

/**
 * Drive a loop from before a training step to before the next: a step with all that is due after it.
 *
 * @returns what the last stage came to.
 */
export const advanceStep =
  (loop: TrainingLoop, signal?: AbortSignal): TE.TaskEither<SessionError, Advance> =>
  async () => {
    for (;;) {
      const result = await loop.advance(signal)()
      if (E.isLeft(result) || result.right.kind !== 'advanced' || loop.position().stage === 'train')
        return result
    }
  }
