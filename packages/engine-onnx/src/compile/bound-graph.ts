/** A graph under construction, together with where its inputs and outputs live between runs. */
import { encodeModel } from '../onnx/encode.ts'
import { type GraphBuilder, makeGraphBuilder, type Tensor } from '../onnx/graph-builder.ts'
import type { DataType } from '../onnx/model.ts'
import type { Binding, BufferName, GraphPlan } from './program.ts'

export interface BoundGraph {
  readonly graph: GraphBuilder
  /** An input that is read from a buffer, from this offset (in elements). */
  readonly input: (
    name: string,
    buffer: BufferName,
    offset: number,
    shape: Tensor['shape'],
    dtype?: DataType,
  ) => Tensor
  /** An output that is written to a buffer, from this offset (in elements). */
  readonly output: (name: string, tensor: Tensor, buffer: BufferName, offset: number) => void
  readonly plan: () => GraphPlan
}

/** An empty graph. */
export const makeBoundGraph = (name: string): BoundGraph => {
  const graph = makeGraphBuilder(name)
  const inputs: Binding[] = []
  const outputs: Binding[] = []
  return {
    graph,
    input: (inputName, buffer, offset, shape, dtype = 'float32') => {
      inputs.push({ name: inputName, buffer, offset, dtype, shape })
      return graph.input(inputName, dtype, shape)
    },
    output: (outputName, tensor, buffer, offset) => {
      outputs.push({ name: outputName, buffer, offset, dtype: tensor.dtype, shape: tensor.shape })
      graph.output(outputName, tensor)
    },
    plan: () => ({ model: encodeModel(graph.build()), inputs, outputs }),
  }
}
