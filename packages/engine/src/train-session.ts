/** A model that was compiled, with its parameters. */
import type { Params } from '@laperm/core'
import type { InferredModel } from '@laperm/models'
import type { taskEither as TE } from 'fp-ts'
import type { Batch } from './batch.ts'
import type { EvaluationResult } from './evaluation.ts'
import type { SessionError } from './session-error.ts'
import type { SessionState } from './session-state.ts'

/** What one training step saw. */
export interface TrainStepResult {
  /** Mean cross-entropy of the batch, in nats, before the update; without the L2 penalty. */
  readonly loss: number
  /** Examples whose largest logit was the right one, before the update and with dropout active. */
  readonly correct: number
}

/**
 * A compiled model with its parameters, ready to train. Not reentrant: await each call.
 *
 * Arguments are checked when a call is made, which throws RangeError for what does not fit the model; the task that it gives does the
 * work, and rejects with TypeError when it comes before `initialize` or while another is under way. What the device does wrong is `Left`.
 *
 * A call that fails halfway leaves the session torn: from then on it answers `EngineStopped` until `initialize` or `writeState`.
 */
export interface TrainSession {
  readonly inferred: InferredModel
  /** Set theta_0: the parameters, a fresh optimizer state, and what the outer update keeps (theta_sorted, slow weights). */
  readonly initialize: (initial: Params) => TE.TaskEither<SessionError, void>
  /**
   * One update of the inner optimizer.
   *
   * @param step counted from 1 over the whole run; decides Adam's bias correction and the dropout masks.
   */
  readonly trainStep: (
    batch: Batch,
    learningRate: number,
    step: number,
  ) => TE.TaskEither<SessionError, TrainStepResult>
  /** Inference mode: no dropout, moving averages. Nothing is changed. */
  readonly evaluate: (batch: Batch) => TE.TaskEither<SessionError, EvaluationResult>
  /** Apply the outer update. `Left(Diverged)` names a weight to be ranked that is NaN; then nothing was changed. */
  readonly sync: () => TE.TaskEither<SessionError, void>
  /**
   * Copy the parameters out, in the inventory's order, Keras axis order.
   *
   * @param names only these; default: all. RangeError for a name that the model has not.
   */
  readonly readParams: (names?: readonly string[]) => TE.TaskEither<SessionError, Params>
  /** Copy everything out that an exact continuation needs. */
  readonly readState: () => TE.TaskEither<SessionError, SessionState>
  /** Go on from a state read before, after `initialize` with the same theta_0. */
  readonly writeState: (state: SessionState) => TE.TaskEither<SessionError, void>
  /** Free what the session holds, also while a call is under way; calling it twice is harmless. Later calls answer `EngineStopped`. */
  readonly dispose: () => Promise<void>
}
