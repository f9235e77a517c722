export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
export * from './errors.ts'
export { type EvaluationScore, evaluateExamples, evaluationBatchSize } from './evaluate.ts'
export {
  defaultDataset,
  type EngineName,
  type Experiment,
  type ExperimentSettings,
  engineNames,
  type OuterSettings,
  parseExperiment,
  resolveExperiment,
  withInitialLearningRate,
} from './experiment.ts'
export { experimentModel, inferExperiment, makeInitialParams, permutedRolesOf } from './initial-params.ts'
export type { Evaluation, LoopPosition, Stage } from './loop-position.ts'
export { countMovedWeights, type MovedWeights } from './moved-weights.ts'
export { type OptimizerName, optimizerNames, optimizerOf } from './optimizer-name.ts'
export { type OuterSpec, outerKinds, permutableRoles } from './outer.ts'
export { planRun, type RunPlan } from './plan-run.ts'
export { type Recipe, recipes } from './recipes.ts'
export { type RunRecorder, recordRun } from './record-run.ts'
export { type ResumedRun, resumeRun } from './resume-run.ts'
export {
  type CreateRunOptions,
  createRun,
  type DataSource,
  openRun,
  type Run,
  type RunConfig,
  readWeights,
  runFiles,
} from './run-directory.ts'
export { type RunStatus, type RunSummary, startSummary, summarize } from './run-summary.ts'
export { type TrainContext, type TrainOutcome, trainExperiment } from './train.ts'
export type { EpochMetrics, TrainEvent, TrainObserver } from './train-events.ts'
export { decodeWeights, encodeWeights } from './weights-file.ts'
