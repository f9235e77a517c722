/** TensorFlow.js's `model.json` and the files of weights that it names: a group of weights is cut into shards wherever it happens to be. */
import { either as E } from 'fp-ts'
import { toFloat32 } from '../element-types.ts'
import { neuronAxesOf, placesByName } from '../naming/tensor-roles.ts'
import { attemptFile, refuseFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import { parseStrictJson } from '../strict-json.ts'
import type { WeightFile } from '../weight-file.ts'
import { type ManifestGroup, type ManifestWeight, manifestGroups } from './manifest.ts'

const mostJsonBytes = 64 * 2 ** 20
const deepestJson = 200

/** A group's files, opened once, when its first weight is read. */
const shardReader = (
  source: ByteSource,
  { paths, sizeBytes }: ManifestGroup,
): ((start: number, length: number) => Promise<Uint8Array>) => {
  const openAll = async (): Promise<readonly ByteSource[]> => {
    const { path, beside } = source
    if (beside === null)
      return refuseFile(path, `the files ${paths.join(', ')} beside it`, 'model.json alone')
    const shards: ByteSource[] = []
    for (const name of paths) shards.push(await beside(name))
    const found = shards.reduce((sum, shard) => sum + shard.sizeBytes, 0)
    return found === sizeBytes
      ? shards
      : refuseFile(path, `${sizeBytes} bytes of weights in ${paths.join(', ')}`, `${found}`)
  }
  let opening: Promise<readonly ByteSource[]> | null = null
  return async (start, length) => {
    opening ??= openAll()
    const shards = await opening
    const bytes = new Uint8Array(length)
    let first = 0
    for (const shard of shards) {
      const from = Math.max(start, first)
      const to = Math.min(start + length, first + shard.sizeBytes)
      if (from < to) bytes.set(await readBytes(shard, from - first, to - from, 'weights'), from - start)
      first += shard.sizeBytes
    }
    return bytes
  }
}

const valuesOf = ({ quantization }: ManifestWeight, bytes: Uint8Array): Float32Array => {
  if (quantization === null) return toFloat32('F32', bytes)
  const { dtype, scale, minimum } = quantization
  if (dtype === 'float16') return toFloat32('F16', bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return dtype === 'uint8'
    ? Float32Array.from(bytes, (q) => q * scale + minimum)
    : Float32Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i, true) * scale + minimum)
}

/** @throws FileRefusal */
export const openTfjs = async (source: ByteSource): Promise<WeightFile> => {
  const { path, sizeBytes } = source
  if (sizeBytes > mostJsonBytes)
    return refuseFile(path, `a model.json of at most ${mostJsonBytes} bytes`, `${sizeBytes}`)
  const bytes = await readBytes(source, 0, sizeBytes, 'JSON')
  const json = parseStrictJson(new TextDecoder().decode(bytes.slice()), deepestJson)
  if (E.isLeft(json))
    return refuseFile(path, `JSON with ${json.left.expected} at character ${json.left.at}`, 'something else')
  const root = json.right
  const groups = manifestGroups(path, root instanceof Map ? root.get('weightsManifest') : undefined)
  const all = groups.flatMap((group) => {
    const read = shardReader(source, group)
    return group.weights.map((weight) => ({ weight, read }))
  })
  const floats = all.filter(({ weight }) => weight.dtype === 'float32')
  const places = placesByName(floats.map(({ weight }) => weight))
  return {
    format: 'tfjs',
    tensors: floats.map(({ weight, read }, i) => ({
      name: weight.name,
      shape: weight.shape,
      dtype: weight.quantization === null ? 'F32' : `F32 from ${weight.quantization.dtype}`,
      neuronAxes: neuronAxesOf(weight, 'last'),
      ...places[i],
      read: attemptFile(async () => valuesOf(weight, await read(weight.start, weight.sizeBytes))),
    })),
    leftOut: all.flatMap(({ weight: { name, dtype } }) => (dtype === 'float32' ? [] : [{ name, dtype }])),
    metadata: Object.create(null),
    close: () => undefined,
  }
}
