/**
 * Writes a graph as the bytes of an ONNX model (protobuf).
 *
 * Field numbers are those of `onnx.proto`. Only what our graphs use is written: no sub-graphs, no external data, no functions.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { PbfWriter } from 'pbf'
import type { AttributeValue, Axis, ConstantTensor, DataType, Graph, GraphNode, ValueInfo } from './model.ts'

/** ONNX 1.16: the newest operators that we use are far older; a low number runs on more versions of onnxruntime. */
const irVersion = 10
const opsetVersion = 21

/** TensorProto.DataType. */
const dataTypeNumber: Record<DataType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }

/** AttributeProto.AttributeType. */
const attributeTypeNumber: Record<AttributeValue['kind'], number> = { float: 1, int: 2, string: 3, ints: 7 }

const writeAttribute = ([name, attribute]: readonly [string, AttributeValue], pbf: PbfWriter): void => {
  pbf.writeStringField(1, name)
  switch (attribute.kind) {
    case 'float':
      pbf.writeFloatField(2, attribute.value)
      break
    case 'int':
      pbf.writeVarintField(3, attribute.value)
      break
    case 'string':
      pbf.writeBytesField(4, new TextEncoder().encode(attribute.value))
      break
    case 'ints':
      pbf.writePackedVarint(8, [...attribute.value])
      break
    default:
      attribute satisfies never
  }
  pbf.writeVarintField(20, attributeTypeNumber[attribute.kind])
}

const writeNode = (node: GraphNode, pbf: PbfWriter): void => {
  for (const input of node.inputs) pbf.writeStringField(1, input)
  for (const output of node.outputs) pbf.writeStringField(2, output)
  pbf.writeStringField(4, node.operator)
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry)
  if (node.domain !== '') pbf.writeStringField(7, node.domain)
}

const writeConstant = (constant: ConstantTensor, pbf: PbfWriter): void => {
  // A repeated field that is present but empty reads as a scalar's shape: exactly what [] means.
  if (constant.shape.length > 0) pbf.writePackedVarint(1, [...constant.shape])
  pbf.writeVarintField(2, dataTypeNumber[constant.dtype])
  pbf.writeStringField(8, constant.name)
  pbf.writeBytesField(9, constant.bytes)
}

const writeAxis = (axis: Axis, pbf: PbfWriter): void => {
  if (typeof axis === 'number') pbf.writeVarintField(1, axis)
  else pbf.writeStringField(2, axis)
}

const writeShape = (shape: readonly Axis[], pbf: PbfWriter): void => {
  for (const axis of shape) pbf.writeMessage(1, writeAxis, axis)
}

const writeTensorType = (value: ValueInfo, pbf: PbfWriter): void => {
  pbf.writeVarintField(1, dataTypeNumber[value.dtype])
  pbf.writeMessage(2, writeShape, value.shape)
}

const writeType = (value: ValueInfo, pbf: PbfWriter): void => {
  pbf.writeMessage(1, writeTensorType, value)
}

const writeValueInfo = (value: ValueInfo, pbf: PbfWriter): void => {
  pbf.writeStringField(1, value.name)
  pbf.writeMessage(2, writeType, value)
}

const writeGraph = (graph: Graph, pbf: PbfWriter): void => {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeStringField(2, graph.name)
  for (const constant of graph.constants) pbf.writeMessage(5, writeConstant, constant)
  for (const input of graph.inputs) pbf.writeMessage(11, writeValueInfo, input)
  for (const output of graph.outputs) pbf.writeMessage(12, writeValueInfo, output)
}

const writeOperatorSet = (
  set: { readonly domain: string; readonly version: number },
  pbf: PbfWriter,
): void => {
  if (set.domain !== '') pbf.writeStringField(1, set.domain)
  pbf.writeVarintField(2, set.version)
}

/**
 * The bytes of an ONNX model that holds this graph.
 *
 * @returns a buffer of its own, ready for `InferenceSession.create`.
 */
export const encodeModel = (graph: Graph): Uint8Array => {
  const pbf = new PbfWriter()
  pbf.writeVarintField(1, irVersion)
  pbf.writeStringField(2, 'laperm')
  pbf.writeMessage(7, writeGraph, graph)
  pbf.writeMessage(8, writeOperatorSet, { domain: '', version: opsetVersion })
  const domains = new Set(graph.nodes.map((node) => node.domain).filter((domain) => domain !== ''))
  for (const domain of domains) pbf.writeMessage(8, writeOperatorSet, { domain, version: 1 })
  return pbf.finish()
}
