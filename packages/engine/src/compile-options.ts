/** What a session needs to know beside the model. */
import type { InnerOptimizerSpec } from '@laperm/core'
import type { OuterUpdate } from './outer-update.ts'

/** What a session needs to know beside the model. */
export interface CompileOptions {
  readonly loss: 'softmaxCrossEntropy'
  readonly innerOptimizer: InnerOptimizerSpec
  readonly outerUpdate: OuterUpdate
  /** The usual batch; smaller ones (the last of an epoch) must work too. */
  readonly batchSize: number
  /** Decides the dropout masks, with the step and the layer. */
  readonly seed: number
  /** Threads the engine may use; default: what the machine has. */
  readonly threads?: number
}
