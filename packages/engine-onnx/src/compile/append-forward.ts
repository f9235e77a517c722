/** The part that both graphs of a program have in common: inputs, parameters, layers, loss. */
import type { InferredModel } from '@laperm/models'
import { makeTape, type Tape } from '../autodiff/tape.ts'
import type { Tensor } from '../onnx/graph-builder.ts'
import { type Activation, batchAxis } from '../operators/activation.ts'
import { type SoftmaxCrossEntropy, softmaxCrossEntropy } from '../operators/softmax-cross-entropy.ts'
import { appendLayers } from './append-layers.ts'
import type { BoundGraph } from './bound-graph.ts'
import type { LayerTrace } from './layer-trace.ts'
import type { ParameterBank } from './parameter-bank.ts'
import type { MaskPlan } from './program.ts'

/** What a batch says about a moving average. */
export interface BatchStatistic {
  readonly statistic: Tensor
  readonly momentum: number
}

export interface Forward {
  readonly tape: Tape
  /** `[batch, classes]`. */
  readonly logits: Tensor
  readonly loss: SoftmaxCrossEntropy
  /** A parameter by its name in the inventory. */
  readonly parameter: (name: string) => Tensor
  /** `1 / batch size`, no axes; an input of the graph once it is asked for. */
  readonly inverseBatchSize: () => Tensor
  /** What the batch says, by the moving average's name. */
  readonly statistics: ReadonlyMap<string, BatchStatistic>
  /** The masks that its dropout layers ask for, in the order of the layers. */
  readonly masks: readonly MaskPlan[]
}

/** Append a model's layers, from its inputs to the logits, and the loss. */
export const appendForward = (
  bound: BoundGraph,
  inferred: InferredModel,
  bank: ParameterBank,
  isTraining: boolean,
  block: number | undefined,
): Forward => {
  const tape = makeTape(bound.graph)
  const inputShape = inferred.model.inputShape
  const inputs: Activation = {
    tensor: bound.input('inputs', 'inputs', 0, [batchAxis, ...inputShape]),
    layout: inputShape.length === 3 ? 'nhwc' : 'flat',
    shape: inputShape,
  }
  const labels = bound.input('labels', 'labels', 0, [batchAxis], 'uint8')
  const parameters = new Map<string, Tensor>()
  const parameter = (name: string): Tensor => {
    const known = parameters.get(name)
    if (known !== undefined) return known
    const place = bank.parameters.find((other) => other.name === name)
    if (place === undefined) throw new RangeError(`parameter: the model has no ${name}`)
    const tensor = bound.input(name, place.bank, place.offset, place.shape)
    parameters.set(name, tensor)
    return tensor
  }
  let inverse: Tensor | undefined
  const inverseBatchSize = (): Tensor => {
    inverse ??= bound.input('inverseBatchSize', 'scalars', 0, [])
    return inverse
  }
  const statistics = new Map<string, BatchStatistic>()
  const masks: MaskPlan[] = []
  const trace: LayerTrace = {
    graph: bound.graph,
    tape,
    isTraining,
    block,
    parameter,
    dropoutMask: (layer, rate, shape) => {
      masks.push({ layer, rate, sizePerExample: shape.reduce((product, axis) => product * axis, 1) })
      const name = `mask/${layer}` as const
      return bound.input(name, name, 0, [batchAxis, ...shape])
    },
    inverseBatchSize,
    updateMoving: (name, statistic, momentum) => {
      statistics.set(name, { statistic, momentum })
    },
  }
  const logits = appendLayers(trace, inferred.layers, inputs)
  const loss = softmaxCrossEntropy(bound.graph, logits.tensor, labels)
  bound.output('lossSum', loss.lossSum, 'results', 0)
  bound.output('correct', loss.correct, 'results', 1)
  return { tape, logits: logits.tensor, loss, parameter, inverseBatchSize, statistics, masks }
}
