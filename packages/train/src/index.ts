export { advanceStep } from './advance-step.ts'
export type { Checkpoint } from './checkpoint.ts'
export { type DriveOptions, driveLoop, type LoopResult } from './drive-loop.ts'
export {
  type DoesNotFit,
  doesNotFit,
  type ErrorWords,
  type ExperimentError,
  neutralWords,
  renderTrainError,
  type TrainError,
  type UnknownName,
  unknownName,
} from './errors.ts'
export { evaluateExamples, evaluationBatchSize } from './evaluate.ts'
export type { EvaluationPolicy } from './evaluation-policy.ts'
export type {
  Experiment,
  ExperimentSettings,
  LearningRateSettings,
  MeasureEvery,
  RankingDistanceSpec,
  TrialSpec,
} from './experiment.ts'
export { type Flag, flagGroups } from './fields/field.ts'
export { experimentFlags, type FlagText, flagOfSetting, settingsFromFlags } from './fields/flags.ts'
export { initializerKinds } from './fields/initializer.ts'
export { type OptimizerName, optimizerNames, optimizerOf } from './fields/optimizer-name.ts'
export { outerKinds, permutableRoles } from './fields/outer.ts'
export { decimalOf } from './fields/text.ts'
export type { Assignment } from './foreign-weights/fit-layer.ts'
export {
  type FlattenOrder,
  fitWeights,
  flattenOrders,
  renderWeightsMisfit,
  type WeightsFit,
  type WeightsMisfit,
} from './foreign-weights/fit-weights.ts'
export {
  drawInitialParams,
  experimentModel,
  inferExperiment,
  makeInitialParams,
  permutedRolesOf,
} from './initial-params.ts'
export { type LayerTensor, layerOfParameter, namedLayers } from './layer-names.ts'
export {
  type Evaluation,
  evaluation,
  type LoopPosition,
  measuredDistances,
  parseLoopPosition,
  type Stage,
} from './loop-position.ts'
export { countMovableVectors, type MovableVectors } from './movable-vectors.ts'
export { countMovedWeights, type MovedWeights } from './moved-weights.ts'
export { modelNameOf } from './network.ts'
export type { OuterSettings, OuterSpec } from './outer-spec.ts'
export { ownRecipe } from './own-recipe.ts'
export { type PackedNetwork, packNetwork, unpackNetwork } from './packed-network.ts'
export { outerUpdateOf, planRun, type RunPlan } from './plan-run.ts'
export {
  type ClassesOnlyTested,
  type LimitBeyondData,
  type PlanWarning,
  renderPlanWarning,
  type SpareOutputs,
} from './plan-warnings.ts'
export { startsFrom } from './pruning/prune-initial.ts'
export type { PruningSpec } from './pruning/pruning-spec.ts'
export type { MeasuredDistance, RankedKernels, RankingWatchOptions } from './ranking-watch.ts'
export { parseExperiment, resolveExperiment, withoutAbsent } from './resolve-experiment.ts'
export {
  type RunContext,
  startSession,
  type TrainContext,
  type TrainOutcome,
  trainExperiment,
  trainPlan,
} from './train.ts'
export type { EpochMetrics, TrainEvent, TrainObserver } from './train-events.ts'
export {
  batchJobOf,
  makeTrainingBatches,
  type StartBatches,
  shareBatches,
  type TrainingBatches,
} from './training-batches.ts'
export { type Advance, type LoopOptions, makeLoop, type TrainingLoop } from './training-loop.ts'
