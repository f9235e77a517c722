/** A model that was compiled, with its parameters. */
import type { Params } from '@laperm/core'
import type { InferredModel } from '@laperm/models'
import type { Batch } from './batch.ts'
import type { SessionState } from './session-state.ts'

/** What one training step saw. */
export interface TrainStepResult {
  /** Mean cross-entropy of the batch, in nats, before the update; without the L2 penalty. */
  readonly loss: number
  /** Examples whose largest logit was the right one, before the update and with dropout active. */
  readonly correct: number
}

/** Sums over one evaluated batch. */
export interface EvaluationResult {
  /** SUM of the cross-entropies of the batch, in nats; divide by the number of examples for the mean. */
  readonly lossSum: number
  readonly correct: number
  readonly size: number
}

/** A compiled model with its parameters, ready to train. Not reentrant: await each call. */
export interface TrainSession {
  readonly inferred: InferredModel
  /** Set theta_0: the parameters, a fresh optimizer state, and what the outer update keeps (theta_sorted, slow weights). */
  readonly initialize: (initial: Params) => Promise<void>
  /**
   * One update of the inner optimizer.
   *
   * @param step counted from 1 over the whole run; decides Adam's bias correction and the dropout masks.
   */
  readonly trainStep: (batch: Batch, learningRate: number, step: number) => Promise<TrainStepResult>
  /** Inference mode: no dropout, moving averages. Nothing is changed. */
  readonly evaluate: (batch: Batch) => Promise<EvaluationResult>
  /** Apply the outer update. Throws when a weight to be ranked is NaN; then nothing was changed. */
  readonly sync: () => Promise<void>
  /** Copy the parameters out, in the inventory's order, Keras axis order. */
  readonly readParams: () => Promise<Params>
  /** Copy everything out that an exact continuation needs. */
  readonly readState: () => Promise<SessionState>
  /** Go on from a state read before, after `initialize` with the same theta_0. */
  readonly writeState: (state: SessionState) => Promise<void>
  /** Free what the session holds; calling it twice is harmless. */
  readonly dispose: () => Promise<void>
}
