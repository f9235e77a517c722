export { DivergedError } from '@laperm/core'
export { type EndOnSyncCallback, type EndOnSyncOptions, endOnSync } from './end-on-sync.ts'
export { LaPermOptimizer, type LaPermOptions, laperm, type PermutableRole } from './laperm-optimizer.ts'
export { LookaheadOptimizer, type LookaheadOptions, lookahead } from './lookahead-optimizer.ts'
export type { SyncPeriod } from './outer-config.ts'
export { OuterOptimizer } from './outer-optimizer.ts'
export { registerOptimizers } from './register.ts'
export type { SavedVariable } from './saved-variables.ts'
export {
  type RegisteredOperations,
  registerTensorOperations,
  type SyncRoute,
  syncRoute,
  unregisterTensorOperations,
} from './sync-route.ts'
export type { LayerLike, LayerVariableLike, ModelLike, RoleOf, VariableRole } from './variable-role.ts'
