/**
 * What an inner optimizer is to this engine: a few elementwise nodes over a stretch of parameters, and the numbers of a step.
 *
 * The nodes are the same at every step; what changes (learning rate, Adam's bias correction) is computed in float64 outside and
 * fed as scalars.
 */
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'

export interface OptimizerUpdate {
  /** The parameters after the step. */
  readonly params: Tensor
  /** The slots after the step, in the order of `slotNames`. */
  readonly slots: readonly Tensor[]
}

export interface GraphOptimizer {
  /** Arrays that the optimizer keeps, each as long as the parameters; all start at zero. */
  readonly slotNames: readonly string[]
  /** Names of the scalars that are fed at every step. */
  readonly scalarNames: readonly string[]
  /**
   * The scalars of a step, in the order of `scalarNames`, in float64.
   *
   * @param step counted from 1.
   */
  readonly scalarsAt: (learningRate: number, step: number) => readonly number[]
  /** Append the nodes of a step. All tensors have the same one-axis shape; `scalars` have none. */
  readonly append: (
    graph: GraphBuilder,
    params: Tensor,
    gradient: Tensor,
    slots: readonly Tensor[],
    scalars: readonly Tensor[],
  ) => OptimizerUpdate
}
