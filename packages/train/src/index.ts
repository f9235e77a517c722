export type { Checkpoint } from './checkpoint.ts'
export {
  type DoesNotFit,
  doesNotFit,
  type ExperimentError,
  renderTrainError,
  type TrainError,
  type UnknownName,
  unknownName,
} from './errors.ts'
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
export { type Evaluation, type LoopPosition, parseLoopPosition, type Stage } from './loop-position.ts'
export { countMovedWeights, type MovedWeights } from './moved-weights.ts'
export { type OptimizerName, optimizerNames, optimizerOf } from './optimizer-name.ts'
export { type OuterSpec, outerKinds, permutableRoles } from './outer.ts'
export { planRun, type RunPlan } from './plan-run.ts'
export { type Recipe, recipes } from './recipes.ts'
export { type TrainContext, type TrainOutcome, trainExperiment } from './train.ts'
export type { EpochMetrics, TrainEvent, TrainObserver } from './train-events.ts'
export type { StartBatches } from './training-batches.ts'
