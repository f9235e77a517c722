export { DivergedError } from '@laperm/core'
export { type EndOnSyncCallback, type EndOnSyncOptions, endOnSync } from './end-on-sync.ts'
export { LaPermOptimizer, type LaPermOptions, laperm } from './laperm-optimizer.ts'
export type { LayerLike, LayerVariableLike, ModelLike, VariableRole } from './layer-weights.ts'
export { LookaheadOptimizer, type LookaheadOptions, lookahead } from './lookahead-optimizer.ts'
export type { LearningRate, OuterOptions, SyncPeriod } from './options.ts'
export { OuterOptimizer } from './outer-optimizer.ts'
export type { LayerRoles, PermutableRole } from './permute-rule.ts'
export { registerOptimizers } from './register.ts'
export type { SavedVariable } from './saved-variables.ts'
export {
  type RegisteredOperations,
  registerTensorOperations,
  type SyncRoute,
  syncRoute,
  unregisterTensorOperations,
} from './sync-route.ts'
export type { NeuronAxesOf, RoleOf, VariableUse } from './variable-use.ts'
