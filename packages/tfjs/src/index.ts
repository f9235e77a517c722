export { DivergedError } from './divergence.ts'
export * from './end-on-sync.ts'
export * from './laperm-optimizer.ts'
export * from './lookahead-optimizer.ts'
export { OuterOptimizer, type SyncPeriod } from './outer-optimizer.ts'
export * from './register.ts'
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
