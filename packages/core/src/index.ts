/**
 * LaPerm on typed arrays: weight vectors and the four operations, optimizers, schedules, initial weights, the algebra of permutations.
 *
 * What people who train and look at networks use. What somebody who writes a backend or an engine needs besides is `@laperm/core/kernel`, somebody who reads settings
 * `@laperm/core/settings`; the definition that all of it is proven equal to is `@laperm/core/reference`.
 */
export type { Backend } from './backend.ts'
export {
  type DeviceFault,
  DeviceFaultError,
  type DeviceLimitExceeded,
  type DeviceLost,
  type DeviceOutOfMemory,
  type DeviceRejected,
  renderDeviceFault,
} from './errors/device-fault.ts'
export { DivergedError } from './errors/diverged-error.ts'
export {
  type BackendUnavailable,
  backendUnavailable,
  type Diverged,
  diverged,
  type InvalidSetting,
  type InvalidShape,
  invalidSetting,
  type LaPermError,
  neutralRemedies,
  type Remedy,
  type RemedyWords,
  renderError,
  renderRemedy,
  type SizeMismatch,
  type UnknownSetting,
} from './errors/errors.ts'
export {
  initializeParams,
  type ParameterToInitialize,
  shuffleWeightVectors,
} from './initial-weights/initialize.ts'
export { checkInitializer, type InitializerSpec, initializerRules } from './initial-weights/initializer.ts'
export { checkSparsity, pruneParams, type SparsitySpec } from './initial-weights/sparsity.ts'
export {
  lastAxis,
  type NeuronAxes,
  valuesOfWeightVectors,
  type WeightVectorsLayout,
  weightVectorsLayout,
  weightVectorsOf,
} from './neuron-axes.ts'
export { coreBackend } from './operations/core-backend.ts'
export { permute } from './operations/permute.ts'
export { rank } from './operations/rank.ts'
export { sort } from './operations/sort.ts'
export { sync } from './operations/sync.ts'
export { kernelShape, makeTensorBackend, type TensorBank } from './operations/tensor-backend.ts'
export { type AdamSpec, adam, adamSpec } from './optimizers/adam.ts'
export {
  checkInnerOptimizer,
  type InnerOptimizerSpec,
  innerOptimizers,
  makeInnerOptimizer,
} from './optimizers/inner-optimizer.ts'
export type { InnerOptimizerState } from './optimizers/inner-optimizer-state.ts'
export { type LaPermOptions, type LaPermState, laPerm, sortParams, syncParams } from './optimizers/laperm.ts'
export {
  type LookaheadOptions,
  type LookaheadState,
  lookahead,
  slowStepSizeRule,
} from './optimizers/lookahead.ts'
export { type MomentumSpec, momentum, momentumSpec } from './optimizers/momentum.ts'
export type { Optimizer } from './optimizers/optimizer.ts'
export { type SgdSpec, sgd, sgdSpec } from './optimizers/sgd.ts'
export { type Gradients, isTrainable, type Parameter, type ParameterRole, type Params } from './parameter.ts'
export {
  applyPermutation,
  composePermutations,
  type Displacement,
  identityPermutation,
  invertPermutation,
  type Permutation,
  permutationBetween,
  permutationDisplacement,
} from './permutation/permutation.ts'
export {
  checkPermutation,
  checkPermutations,
  type PermutationDifference,
  type PermutationReport,
  renderPermutationDifference,
} from './permutation/permutation-check.ts'
export { log10DistinctPermutationCount, log10PermutationCount } from './permutation/permutation-count.ts'
export { makeRandom, type Random, shuffleInPlace } from './random/random.ts'
export { checkLearningRate, type LearningRateSpec, makeLearningRate } from './schedules/learning-rate.ts'
export type { Schedule } from './schedules/schedule.ts'
export {
  checkSyncPeriod,
  isSyncStep,
  makeSyncPeriod,
  type SyncPeriodSpec,
  toSyncPeriodSchedule,
} from './schedules/sync-period.ts'
export type { SettingError } from './settings/setting-problem.ts'
export type { SettingRule } from './settings/setting-rule.ts'
export {
  makeRankingMonitor,
  type RankInto,
  type RankingDistance,
  type RankingMonitor,
  rankingDistance,
  rankingDistanceOfRanks,
} from './statistics/ranking-distance.ts'
export type { ImmediateTensorOperations, TensorMemory, TensorOperations } from './tensor-operations.ts'
export {
  makeWeightVectors,
  type Ranking,
  type WeightVectors,
  type WeightVectorsSize,
  weightVectorsSize,
} from './weight-vectors.ts'
