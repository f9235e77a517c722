/** What an engine is: the contract between models, runtimes and training, and what every session has in common. */
export type { Batch } from './batch.ts'
export type { CompileOptions } from './compile-options.ts'
export type { Engine } from './engine.ts'
export {
  type EngineError,
  type EngineUnavailable,
  engineUnavailable,
  renderEngineError,
  type UnsupportedModel,
  unsupportedModel,
} from './engine-error.ts'
export {
  addEvaluations,
  type EvaluationResult,
  type EvaluationScore,
  noEvaluation,
  scoreOf,
} from './evaluation.ts'
export { makeTrainSession } from './make-train-session.ts'
export { slotNamesOf } from './optimizer-slots.ts'
export { chosenBy, type OuterUpdate } from './outer-update.ts'
export { checkBatch, checkCompileOptions, checkParams, checkState, checkStep } from './session-checks.ts'
export {
  type EngineStopped,
  engineStopped,
  neutralSessionRemedies,
  type OutOfMemory,
  outOfMemory,
  remedyOf,
  renderSessionError,
  type SessionDeviceLost,
  type SessionError,
  type SessionRemedy,
  type SessionRemedyWords,
  sessionDeviceLost,
} from './session-error.ts'
export { catchingFaults, orThrow, SessionFault } from './session-fault.ts'
export type { SessionState } from './session-state.ts'
export type { SessionWork } from './session-work.ts'
export type { TrainSession, TrainStepResult } from './train-session.ts'
export { checkTrainable } from './trainable-model.ts'
