export { DivergedError } from './divergence.ts'
export { type EndOnSyncCallback, type EndOnSyncOptions, endOnSync } from './end-on-sync.ts'
export { LaPermOptimizer, type LaPermOptions, laperm, type PermutableRole } from './laperm-optimizer.ts'
export { LookaheadOptimizer, type LookaheadOptions, lookahead } from './lookahead-optimizer.ts'
export { OuterOptimizer, type SyncPeriod } from './outer-optimizer.ts'
export { registerOptimizers } from './register.ts'
export type { SavedVariable } from './saved-variables.ts'
export {
  registerSyncKernel,
  type SyncKernel,
  type SyncRoute,
  syncKernelName,
  syncRoute,
  unregisterSyncKernel,
} from './sync-kernel.ts'
export type { LayerLike, LayerVariableLike, ModelLike, RoleOf, VariableRole } from './variable-role.ts'
