/** The list of weights in a `model.json` of TensorFlow.js. @see https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts */
import { elementBytes, elementCount } from '../element-types.ts'
import { refuseFile } from '../refusal.ts'
import { requireNameInside } from '../source/name-inside.ts'
import type { JsonValue } from '../strict-json.ts'

/** How numbers were made smaller: as `minimum + scale * q`, or as float16. */
export interface Quantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16'
  readonly scale: number
  readonly minimum: number
}

/** A weight of a group. */
export interface ManifestWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization: Quantization | null
  /** Of its data in the group. */
  readonly start: number
  readonly sizeBytes: number
}

/** Weights whose data follow each other in some files. */
export interface ManifestGroup {
  readonly paths: readonly string[]
  readonly weights: readonly ManifestWeight[]
  readonly sizeBytes: number
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)

const quantizedBytes = { uint8: 1, uint16: 2, float16: 2 } as const
const plainBytes: Readonly<Record<string, number>> = {
  float32: elementBytes.F32,
  int32: elementBytes.I32,
  bool: 1,
}

const quantizationOf = (path: string, name: string, value: JsonValue | undefined): Quantization | null => {
  if (value === undefined) return null
  const get = (key: string): JsonValue | undefined => (value instanceof Map ? value.get(key) : undefined)
  const dtype = get('dtype')
  const scale = get('scale') ?? 1
  const minimum = get('min') ?? 0
  return (dtype === 'uint8' || dtype === 'uint16' || dtype === 'float16') &&
    typeof scale === 'number' &&
    typeof minimum === 'number'
    ? { dtype, scale, minimum }
    : refuseFile(path, `uint8, uint16 or float16 as quantization of '${name}'`, String(dtype))
}

const weightOf = (path: string, value: JsonValue, start: number): ManifestWeight => {
  const get = (key: string): JsonValue | undefined => (value instanceof Map ? value.get(key) : undefined)
  const name = get('name')
  const shape = get('shape')
  const dtype = get('dtype')
  if (typeof name !== 'string') return refuseFile(path, 'a name for each weight', 'none')
  const axes = isList(shape) ? shape.filter((axis) => typeof axis === 'number') : []
  const count = elementCount(axes)
  if (!isList(shape) || axes.length !== shape.length || count === null)
    return refuseFile(path, `a shape for '${name}'`, JSON.stringify(shape) ?? 'none')
  const quantization = quantizationOf(path, name, get('quantization'))
  const bytes =
    quantization === null
      ? typeof dtype === 'string' && Object.hasOwn(plainBytes, dtype)
        ? plainBytes[dtype]
        : undefined
      : quantizedBytes[quantization.dtype]
  return bytes === undefined || typeof dtype !== 'string'
    ? refuseFile(path, `float32, int32 or bool in '${name}'`, String(dtype))
    : { name, shape: axes, dtype, quantization, start, sizeBytes: count * bytes }
}

/** The groups of a manifest, names held to be different, and paths to stay inside the directory. @throws FileRefusal */
export const manifestGroups = (path: string, manifest: JsonValue | undefined): readonly ManifestGroup[] => {
  if (!isList(manifest)) return refuseFile(path, "a list 'weightsManifest', as TensorFlow.js writes", 'none')
  const names = new Set<string>()
  return manifest.map((group) => {
    const paths = group instanceof Map ? group.get('paths') : undefined
    const list = group instanceof Map ? group.get('weights') : undefined
    if (!isList(paths) || !isList(list))
      return refuseFile(path, "'paths' and 'weights' in each group", 'none')
    const files = paths.map((file) =>
      typeof file === 'string' ? file : refuseFile(path, 'names of files', JSON.stringify(file) ?? 'none'),
    )
    for (const file of files) requireNameInside(path, file)
    const weights: ManifestWeight[] = []
    let sizeBytes = 0
    for (const value of list) {
      const weight = weightOf(path, value, sizeBytes)
      if (names.has(weight.name)) refuseFile(path, 'each weight once', `'${weight.name}' twice`)
      names.add(weight.name)
      weights.push(weight)
      sizeBytes += weight.sizeBytes
    }
    return { paths: files, weights, sizeBytes }
  })
}
