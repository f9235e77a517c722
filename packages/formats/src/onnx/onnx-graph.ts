/** What an ONNX model says of its weights: its initializers, and the nodes that use them. Field numbers are those of onnx.proto3. */
import { refuseFile } from '../refusal.ts'
import { readWireNumbers, readWireText, type WireField, type WireReader, wireFields } from './wire.ts'

/** A tensor of the graph. */
export interface OnnxInitializer {
  readonly name: string
  readonly shape: readonly number[]
  /** Number of its type in `TensorProto.DataType`. */
  readonly type: number
  /** Where its numbers are in the model; null where they are in another file. */
  readonly data: { readonly start: number; readonly length: number } | null
  readonly external: ReadonlyMap<string, string>
}

/** A node of the graph. */
export interface OnnxNode {
  readonly operation: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Attributes that are whole numbers. */
  readonly integers: ReadonlyMap<string, number>
}

/** The parts of a model that are about weights. */
export interface OnnxGraph {
  readonly initializers: readonly OnnxInitializer[]
  /** In the graph's order, in which every node comes after those that it needs. */
  readonly nodes: readonly OnnxNode[]
}

const fields = (reader: WireReader, { start, length }: WireField): AsyncGenerator<WireField> =>
  wireFields(reader, start, start + length)

const mostAxes = 64

const readEntry = async (reader: WireReader, field: WireField): Promise<readonly [string, string]> => {
  let key = ''
  let value = ''
  for await (const part of fields(reader, field)) {
    if (part.number === 1) key = await readWireText(reader, part)
    if (part.number === 2) value = await readWireText(reader, part)
  }
  return [key, value]
}

/** `float_data`, `double_data` and `raw_data`: the numbers as they lie. */
const dataFields = [4, 9, 10]

const readInitializer = async (reader: WireReader, field: WireField): Promise<OnnxInitializer> => {
  const { path } = reader.source
  const shape: number[] = []
  const external = new Map<string, string>()
  let name = ''
  let type = 0
  let isExternal = false
  let data: OnnxInitializer['data'] = null
  for await (const part of fields(reader, field)) {
    if (part.number === 1) {
      if (part.length > mostAxes * 10)
        refuseFile(path, `at most ${mostAxes} axes at byte ${part.start}`, 'more')
      shape.push(...(await readWireNumbers(reader, part)))
      if (shape.length > mostAxes) refuseFile(path, `at most ${mostAxes} axes at byte ${part.start}`, 'more')
    } else if (part.number === 2) type = part.value ?? 0
    else if (part.number === 8) name = await readWireText(reader, part)
    else if (part.number === 13) external.set(...(await readEntry(reader, part)))
    else if (part.number === 14) isExternal = part.value === 1
    else if (dataFields.includes(part.number)) {
      if (part.kind !== 'bytes' || data !== null)
        refuseFile(path, `the numbers of '${name}' in one piece`, `another at byte ${part.start}`)
      data = { start: part.start, length: part.length }
    }
  }
  return {
    name,
    shape,
    type,
    external,
    data: isExternal ? null : (data ?? { start: field.start, length: 0 }),
  }
}

const readAttribute = async (
  reader: WireReader,
  field: WireField,
): Promise<readonly [string, number | null]> => {
  let name = ''
  let value: number | null = null
  for await (const part of fields(reader, field)) {
    if (part.number === 1) name = await readWireText(reader, part)
    if (part.number === 3) value = part.value
  }
  return [name, value]
}

const readNode = async (reader: WireReader, field: WireField): Promise<OnnxNode> => {
  const inputs: string[] = []
  const outputs: string[] = []
  const integers = new Map<string, number>()
  let name = ''
  let operation = ''
  for await (const part of fields(reader, field)) {
    if (part.number === 1) inputs.push(await readWireText(reader, part))
    else if (part.number === 2) outputs.push(await readWireText(reader, part))
    else if (part.number === 3) name = await readWireText(reader, part)
    else if (part.number === 4) operation = await readWireText(reader, part)
    else if (part.number === 5) {
      const [key, value] = await readAttribute(reader, part)
      if (value !== null) integers.set(key, value)
    }
  }
  return { operation, name, inputs, outputs, integers }
}

const modelGraph = 7
const graphNode = 1
const graphInitializer = 5

/** Read a model's graph. Subgraphs of control flow are stepped over. @throws FileRefusal */
export const readOnnxGraph = async (reader: WireReader): Promise<OnnxGraph> => {
  const { path, sizeBytes } = reader.source
  const initializers: OnnxInitializer[] = []
  const nodes: OnnxNode[] = []
  const names = new Set<string>()
  let graphs = 0
  for await (const field of wireFields(reader, 0, sizeBytes)) {
    if (field.number !== modelGraph || field.kind !== 'bytes') continue
    if (++graphs > 1) return refuseFile(path, 'one graph', `another at byte ${field.start}`)
    for await (const part of fields(reader, field)) {
      if (part.number === graphNode) nodes.push(await readNode(reader, part))
      if (part.number !== graphInitializer) continue
      const initializer = await readInitializer(reader, part)
      if (names.has(initializer.name))
        return refuseFile(path, 'each initializer once', `'${initializer.name}' again at byte ${part.start}`)
      names.add(initializer.name)
      initializers.push(initializer)
    }
  }
  return graphs === 0 ? refuseFile(path, "an ONNX model's graph", 'none') : { initializers, nodes }
}
