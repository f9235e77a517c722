/** What the layers of a model need while their operators are appended to a graph. */
import type { Tensor } from '../onnx/graph-builder.ts'
import type { Trace } from '../operators/activation.ts'

/** In a training graph dropout drops and batch normalization uses the batch's statistics. */
export interface LayerTrace extends Trace {
  /** A parameter of the model, in Keras's order, by its name in the inventory. */
  readonly parameter: (name: string) => Tensor
  /** A dropout mask for this layer, `[batch, ...shape]`, channels last, drawn anew for every step. Only for training. */
  readonly dropoutMask: (layer: string, rate: number, shape: readonly number[]) => Tensor
  /** `1 / batch size`, no axes. Only for training. */
  readonly inverseBatchSize: () => Tensor
  /** A moving average is to become `momentum * average + (1 - momentum) * batchStatistic`. */
  readonly updateMoving: (name: string, batchStatistic: Tensor, momentum: number) => void
}
