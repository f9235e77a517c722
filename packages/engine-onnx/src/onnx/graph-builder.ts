/**
 * Builds a graph node by node, with handles that know their shape and element type.
 *
 * It names tensors, shares equal constants and checks nothing about operators: that is the business of `expressions.ts`.
 */
import type { AttributeValue, Axis, ConstantTensor, DataType, Graph, GraphNode, ValueInfo } from './model.ts'

/** A tensor of the graph: not values, a handle to them. */
export interface Tensor {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly Axis[]
}

/** What a node gives: its shape and element type; the builder names it. */
export interface OutputSpec {
  readonly dtype: DataType
  readonly shape: readonly Axis[]
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly domain?: string
}

/** A graph under construction. */
export interface GraphBuilder {
  /** A value that is fed at every run. */
  readonly input: (name: string, dtype: DataType, shape: readonly Axis[]) => Tensor
  /** A constant; equal ones are shared. */
  readonly constant: (values: Float32Array | BigInt64Array | Int32Array, shape: readonly number[]) => Tensor
  /**
   * A float32 vector that is nobody else's, for an operator that writes into what it reads.
   *
   * Its values mean nothing, but differ from those of every other one: onnxruntime, too, makes one constant of two equal ones.
   */
  readonly ownVector: (size: number) => Tensor
  /** Append an operator. `undefined` among the inputs leaves out an optional one. */
  readonly node: (
    operator: string,
    inputs: readonly (Tensor | undefined)[],
    outputs: readonly OutputSpec[],
    options?: NodeOptions,
  ) => readonly Tensor[]
  /** Make a tensor an output of the graph under this name. */
  readonly output: (name: string, tensor: Tensor) => void
  readonly build: () => Graph
}

const dtypeOf = (values: Float32Array | BigInt64Array | Int32Array): DataType =>
  values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int64'

/** An empty graph. */
export const makeGraphBuilder = (name: string): GraphBuilder => {
  const nodes: GraphNode[] = []
  const constants: ConstantTensor[] = []
  const inputs: ValueInfo[] = []
  const outputs = new Map<string, Tensor>()
  const sharedConstants = new Map<string, Tensor>()
  let count = 0

  const node: GraphBuilder['node'] = (operator, nodeInputs, outputSpecs, options = {}) => {
    const results = outputSpecs.map(({ dtype, shape }) => ({ name: `${operator}_${count++}`, dtype, shape }))
    nodes.push({
      operator,
      domain: options.domain ?? '',
      inputs: nodeInputs.map((input) => input?.name ?? ''),
      outputs: results.map((result) => result.name),
      attributes: options.attributes ?? {},
    })
    return results
  }

  return {
    input: (inputName, dtype, shape) => {
      if (inputs.some((input) => input.name === inputName))
        throw new RangeError(`input: the graph ${name} has an input ${inputName} already`)
      const tensor = { name: inputName, dtype, shape }
      inputs.push(tensor)
      return tensor
    },
    constant: (values, shape) => {
      const dtype = dtypeOf(values)
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
      const key = `${dtype} ${shape.join()} ${bytes.length > 256 ? count++ : bytes.join()}`
      const known = sharedConstants.get(key)
      if (known !== undefined) return known
      const tensor = { name: `constant_${count++}`, dtype, shape }
      constants.push({ ...tensor, bytes })
      sharedConstants.set(key, tensor)
      return tensor
    },
    ownVector: (size) => {
      const tensor: Tensor = { name: `own_${count++}`, dtype: 'float32', shape: [size] }
      const bytes = new Uint8Array(new Float32Array(size).fill(count).buffer)
      constants.push({ name: tensor.name, dtype: 'float32', shape: [size], bytes })
      return tensor
    },
    node,
    output: (outputName, tensor) => {
      if (outputs.has(outputName))
        throw new RangeError(`output: the graph ${name} has an output ${outputName} already`)
      // An output takes its tensor's place under the new name. Where there is no node to rename, a copy is made.
      const isFree =
        nodes.some((entry) => entry.outputs.includes(tensor.name)) &&
        ![...outputs.values()].some((other) => other.name === tensor.name)
      const [result] = isFree
        ? [tensor]
        : node('Identity', [tensor], [{ dtype: tensor.dtype, shape: tensor.shape }])
      outputs.set(outputName, result)
    },
    build: () => {
      const renamed = new Map([...outputs].map(([outputName, tensor]) => [tensor.name, outputName]))
      const rename = (tensorName: string): string => renamed.get(tensorName) ?? tensorName
      return {
        name,
        nodes: nodes.map((entry) => ({
          ...entry,
          inputs: entry.inputs.map(rename),
          outputs: entry.outputs.map(rename),
        })),
        constants,
        inputs,
        outputs: [...outputs].map(([outputName, tensor]) => ({ ...tensor, name: outputName })),
      }
    },
  }
}
