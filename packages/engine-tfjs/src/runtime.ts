/** What sessions of an engine run on. */
import type { InnerOptimizerSpec, TensorOperations } from '@laperm/core'
import type { DeviceWatch } from '@laperm/core/kernel'
import type * as tf from '@tensorflow/tfjs-core'
import type { TensorOptimizer } from './inner-update.ts'

/** What sessions of an engine run on. */
export interface Runtime {
  /** The engine's name. */
  readonly engine: string
  /** Name under which tfjs knows the backend. */
  readonly backendName: string
  /** What sorts and synchronizes variables on this backend. */
  readonly operations: TensorOperations<tf.Tensor>
  readonly makeOptimizer: (spec: InnerOptimizerSpec) => TensorOptimizer
  /** Undefined where there is no device to lose. */
  readonly watch: DeviceWatch | undefined
}
