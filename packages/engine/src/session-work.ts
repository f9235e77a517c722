/** What an engine does for a session; {@link makeTrainSession} makes a session of it. */
import type { Params } from '@laperm/core'
import type { Batch } from './batch.ts'
import type { EvaluationResult } from './evaluation.ts'
import type { SessionState } from './session-state.ts'
import type { TrainStepResult } from './train-session.ts'

/**
 * The work behind a session's calls. Arguments have been checked, calls come one at a time, and never before `initialize`.
 *
 * Failing is throwing: `SessionFault` for what the engine knows by name, core's `DivergedError` and `DeviceFaultError`, or anything else,
 * whose message becomes the reason of an `EngineStopped`.
 */
export interface SessionWork {
  /** Take these weights, and zeros for the optimizer's slots. */
  readonly initialize: (initial: Params) => Promise<void>
  /**
   * Make one inner step.
   *
   * @param willWrite to be called before the first write; a failure after it leaves the session torn.
   */
  readonly trainStep: (
    batch: Batch,
    learningRate: number,
    step: number,
    willWrite: () => void,
  ) => Promise<TrainStepResult>
  /** Loss and accuracy on a batch; changes nothing. */
  readonly evaluate: (batch: Batch) => Promise<EvaluationResult>
  /**
   * Make the outer update.
   *
   * @param willWrite as for a training step. A `DivergedError` must come before it.
   */
  readonly sync: (willWrite: () => void) => Promise<void>
  /**
   * The weights of this moment, copied.
   *
   * @param names those that are wanted; undefined wants all. An engine for which reading all costs no more may give all.
   */
  readonly readParams: (names?: readonly string[]) => Promise<Params>
  /** All that an exact continuation needs, copied. */
  readonly readState: () => Promise<SessionState>
  /** Go on from a saved state. */
  readonly writeState: (state: SessionState) => Promise<void>
  /** Called once. */
  readonly dispose: () => Promise<void>
}
