/**
 * What an engine is: an interpreter of models. It compiles a model into a session that trains and evaluates it.
 *
 * The interface keeps data where the engine wants it: parameters and optimizer state cross over only when they are read or written.
 */
import type { InnerOptimizerSpec, Params } from '@laperm/core'
import type { taskEither as TE } from 'fp-ts'
import type { InferredModel } from './infer-shapes.ts'
import type { Model } from './model.ts'

/**
 * What `sync()` does to the parameters, every k steps.
 *
 * - `none`: the inner optimizer alone.
 * - `permute`: LaPerm. Every parameter with one of the model's `permutedRoles` becomes its initial weights, sorted per vector,
 *   in the order of the present ones.
 * - `lookahead`: `slow += slowStepSize * (fast - slow); fast = slow`, for every trainable parameter (Zhang et al. 2019).
 */
export type OuterUpdate =
  | { readonly kind: 'none' }
  | { readonly kind: 'permute' }
  | { readonly kind: 'lookahead'; readonly slowStepSize: number }

/** What a session needs to know beside the model. */
export interface CompileOptions {
  readonly loss: 'softmaxCrossEntropy'
  readonly innerOptimizer: InnerOptimizerSpec
  readonly outerUpdate: OuterUpdate
  /** The usual batch; smaller ones (the last of an epoch) must work too. */
  readonly batchSize: number
  /** Decides the dropout masks, with the step and the layer. */
  readonly seed: number
  /** Threads the engine may use; default: what the machine has. */
  readonly threads?: number
}

/** Examples to train on or evaluate. */
export interface Batch {
  /** `[size, ...inputShape]` float32, row-major, channels last. */
  readonly inputs: Float32Array
  /** `[size]` class numbers. */
  readonly labels: Uint8Array
  readonly size: number
}

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

/** Everything a session needs to go on bit for bit. Plain data. */
export interface SessionState {
  /** The parameters as they are now (Lookahead's fast weights), in the inventory's order. */
  readonly params: Params
  /** Inner optimizer's slots, one entry a slot (`m`, `v`, `velocity`), each with one array a TRAINABLE parameter in order. */
  readonly slots: Readonly<Record<string, readonly Float32Array[]>>
  /** Lookahead's slow weights, one array a trainable parameter; empty for the other updates. */
  readonly slow: readonly Float32Array[]
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
  /** Apply the outer update (see {@link OuterUpdate}). Throws when a weight to be ranked is NaN; then nothing was changed. */
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

/** An engine that cannot run here, or not this model. */
export type EngineError =
  | {
      readonly _tag: 'EngineUnavailable'
      readonly engine: string
      readonly reason: string
      readonly remedy: string
    }
  | {
      readonly _tag: 'UnsupportedModel'
      readonly engine: string
      readonly model: string
      readonly layer: string
      readonly reason: string
    }

/** An interpreter of models on one kind of runtime. */
export interface Engine {
  /** `onnx`, `wasm`, `webgpu`, ... */
  readonly name: string
  /** What it runs on, for people: versions, threads, device. */
  readonly describe: string
  /** Make a session; nothing is trained yet. `Left` when the engine cannot run this model. */
  readonly compile: (model: Model, options: CompileOptions) => TE.TaskEither<EngineError, TrainSession>
}

/** The error as a sentence for people. */
export const renderEngineError = (error: EngineError): string =>
  error._tag === 'EngineUnavailable'
    ? `Engine ${error.engine} cannot run here: ${error.reason}. ${error.remedy}`
    : `Engine ${error.engine} cannot train ${error.model}, layer ${error.layer}: ${error.reason}.`
