/** The initializers of an ONNX model, in the order in which its nodes use them. Data in other files stay inside the model's directory. */
import { lastAxis } from '@laperm/core'
import { elementBytes, elementCount, toFloat32 } from '../element-types.ts'
import { attemptFile, refuseFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import { requireNameInside } from '../source/name-inside.ts'
import type { StoredTensor, WeightFile } from '../weight-file.ts'
import { type OnnxInitializer, readOnnxGraph } from './onnx-graph.ts'
import { tensorUses } from './tensor-uses.ts'
import { makeWireReader } from './wire.ts'

/** `TensorProto.DataType`. */
const floatTypes: Readonly<Record<number, string>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' }

const wholeNumber = (path: string, key: string, text: string | undefined): number | null => {
  if (text === undefined) return null
  return /^\d{1,15}$/.test(text) ? Number(text) : refuseFile(path, `a whole number as '${key}'`, text)
}

/** The bytes of a tensor, wherever they are. */
const readData = async (
  source: ByteSource,
  { name, data, external }: OnnxInitializer,
  bytes: number,
): Promise<Uint8Array> => {
  const { path } = source
  if (data !== null) return readBytes(source, data.start, data.length, `'${name}'`)
  const location = external.get('location') ?? refuseFile(path, `a file for '${name}'`, 'none')
  requireNameInside(path, location)
  if (source.beside === null)
    return refuseFile(path, `the file '${location}' beside the model, with '${name}'`, 'the model alone')
  const file = await source.beside(location)
  const offset = wholeNumber(path, 'offset', external.get('offset')) ?? 0
  const length = wholeNumber(path, 'length', external.get('length')) ?? bytes
  return length === bytes
    ? readBytes(file, offset, length, `'${name}'`)
    : refuseFile(path, `${bytes} bytes of '${name}' in '${location}'`, `${length}`)
}

/** @throws FileRefusal */
export const openOnnx = async (source: ByteSource): Promise<WeightFile> => {
  const { path } = source
  const { initializers, nodes } = await readOnnxGraph(makeWireReader(source))
  const uses = tensorUses(nodes, initializers)
  const order = new Map([...uses.keys()].map((name, i) => [name, i]))
  const tensors: StoredTensor[] = []
  const leftOut: { readonly name: string; readonly dtype: string }[] = []
  for (const initializer of initializers) {
    const { name, shape, type, data } = initializer
    const dtype = floatTypes[type]
    if (dtype === undefined) {
      leftOut.push({ name, dtype: `type ${type} of ONNX` })
      continue
    }
    const count = elementCount(shape)
    const bytes = (count ?? Number.NaN) * elementBytes[dtype]
    if (count === null || (data !== null && data.length !== bytes))
      return refuseFile(
        path,
        `${bytes} bytes for '${name}' [${shape.join(', ')}], as raw or packed numbers`,
        data === null ? 'another number' : `${data.length} at byte ${data.start}`,
      )
    tensors.push({
      name,
      shape,
      dtype,
      ...(uses.get(name) ?? { neuronAxes: lastAxis(shape), layer: '', role: null }),
      read: attemptFile(async () => toFloat32(dtype, await readData(source, initializer, bytes))),
    })
  }
  const placeOf = ({ name }: StoredTensor): number => order.get(name) ?? order.size
  return {
    format: 'onnx',
    tensors: tensors.sort((a, b) => placeOf(a) - placeOf(b)),
    leftOut,
    metadata: Object.create(null),
    close: () => undefined,
  }
}
