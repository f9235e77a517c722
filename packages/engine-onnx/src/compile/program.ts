/**
 * A compiled model as plain data: two ONNX graphs and where their inputs and outputs live. It is all that a worker needs.
 */
import type { Axis, DataType } from '../onnx/model.ts'
import type { BankedParameter } from './parameter-bank.ts'

/**
 * A named array of a session.
 *
 * `trainable` and `moving` are the parameter banks, `slot/<name>` the optimizer's arrays (as long as `trainable`), `scalars` and
 * `results` small float32 arrays; `inputs`, `labels` and `mask/<layer>` come with each batch.
 *
 * A training step writes slots and moving averages in place: each is read only by the node that its successor is made from. The
 * trained parameters are not: a layer's kernel is still needed for its input's gradient when its own new value may be ready, so
 * new values go to `nextTrainable`, and the two change places after the step.
 */
export type BufferName =
  | 'trainable'
  | 'nextTrainable'
  | 'moving'
  | 'scalars'
  | 'results'
  | 'inputs'
  | 'labels'
  | `slot/${string}`
  | `mask/${string}`

/** An input or output of a graph, bound to a stretch of a buffer. */
export interface Binding {
  readonly name: string
  readonly buffer: BufferName
  /** In elements. */
  readonly offset: number
  readonly dtype: DataType
  /** A named axis is the batch's size. */
  readonly shape: readonly Axis[]
}

/** A graph to run. */
export interface GraphPlan {
  /** The ONNX model's bytes. */
  readonly model: Uint8Array
  readonly inputs: readonly Binding[]
  readonly outputs: readonly Binding[]
}

/** A dropout layer's mask, filled before each training step. */
export interface MaskPlan {
  /** Name of the dropout layer. */
  readonly layer: string
  readonly rate: number
  /** Elements for one example. */
  readonly sizePerExample: number
}

/** `scalars[0]` is `1 / batch size`; the optimizer's follow. `results` is the sum of the losses, then the number of right answers. */
export interface Program {
  readonly parameters: readonly BankedParameter[]
  readonly bankSizes: { readonly trainable: number; readonly moving: number }
  readonly slotNames: readonly string[]
  readonly scalarCount: number
  readonly inputSize: number
  /** All layers' outputs for one batch of the usual size: what a training step keeps in memory, roughly. */
  readonly activationBytes: number
  readonly masks: readonly MaskPlan[]
  readonly train: GraphPlan
  readonly evaluate: GraphPlan
}

/** Parameters in the inventory's order. @param names only these; default: all. */
export const chosenParameters = (
  { parameters }: Program,
  names?: readonly string[],
): readonly BankedParameter[] =>
  names === undefined ? parameters : parameters.filter(({ name }) => names.includes(name))
