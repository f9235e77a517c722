/**
 * What flows between layers: a tensor, and how its elements lie in memory.
 *
 * A model speaks of channels-last images; onnxruntime convolves channels-first ones. So the layout travels with the tensor, and an
 * operator that cares asks for the one it wants (`layout.ts`), while the others (relu, dropout, add) work in any.
 */
import type { Tape } from '../autodiff/tape.ts'
import type { GraphBuilder, Tensor } from '../onnx/graph-builder.ts'

/**
 * `flat`: `[batch, n]`. `nhwc`: `[batch, height, width, channels]`. `nchw`: `[batch, channels, height, width]`.
 * `blocked`: `[batch, channels / block, height, width, block]`, for onnxruntime's NCHWc convolutions.
 */
export type Layout = 'flat' | 'nhwc' | 'nchw' | 'blocked'

/** A layer's input or output. */
export interface Activation {
  readonly tensor: Tensor
  readonly layout: Layout
  /** The model's shape: channels last, without the batch axis, whatever the layout. */
  readonly shape: readonly number[]
}

/** Where operators append their nodes. */
export interface Trace {
  readonly graph: GraphBuilder
  readonly tape: Tape
  /** True for a graph that will be differentiated. */
  readonly isTraining: boolean
  /** Channels in a block of the processor's NCHWc convolutions; `undefined`: standard operators only. */
  readonly block: number | undefined
}

/** Name of the axis that counts the examples of a batch. */
export const batchAxis = 'batch'
