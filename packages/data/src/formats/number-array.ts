/**
 * An array of numbers as a file holds it: its type, its shape, its bytes. Decoded when it is known what for.
 */
import { allocateBytes, allocateFloats } from '../dataset.ts'
import { refuseDataset } from '../make-dataset.ts'

/** What one number is: `u` unsigned and `i` signed integers, `f` floats, in `sizeBytes` bytes. */
export interface NumberType {
  readonly kind: 'u' | 'i' | 'f'
  readonly sizeBytes: 1 | 2 | 4 | 8
  readonly littleEndian: boolean
}

/** An array in C order (the last axis runs fastest). */
export interface NumberArray {
  /** The file's path, and the member's name where it is an archive. */
  readonly file: string
  readonly type: NumberType
  readonly shape: readonly number[]
  /** As many as type and shape say: checked by whoever made it. */
  readonly bytes: Uint8Array
}

const names = { u: 'uint', i: 'int', f: 'float' } as const

/** `uint8`, `float32`, ... */
export const typeName = ({ kind, sizeBytes }: NumberType): string => `${names[kind]}${8 * sizeBytes}`

/** How many numbers a shape holds; `Infinity` where that is no safe integer, so that no bound is passed by an overflow. */
export const numbersIn = (shape: readonly number[]): number => {
  const count = shape.reduce((product, axis) => product * axis, 1)
  return Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)

/**
 * The array as inputs: uint8 as bytes; float32, and float64 rounded to float32, as floats. In shared memory.
 *
 * @throws DataProblem with `InvalidDataset` for any other type.
 */
export const inputsOfArray = (array: NumberArray): Uint8Array | Float32Array => {
  const { file, type, bytes } = array
  if (type.kind === 'u' && type.sizeBytes === 1) {
    const inputs = allocateBytes(bytes.length)
    inputs.set(bytes)
    return inputs
  }
  if (type.kind !== 'f')
    return refuseDataset(
      file,
      'the type of its numbers',
      typeName(type),
      "must be uint8 (pixels), float32 or float64; convert it, in NumPy by .astype('uint8') or .astype('float32')",
    )
  const view = viewOf(bytes)
  const inputs = allocateFloats(bytes.length / type.sizeBytes)
  const { littleEndian } = type
  if (type.sizeBytes === 4)
    for (let i = 0; i < inputs.length; i++) inputs[i] = view.getFloat32(4 * i, littleEndian)
  else for (let i = 0; i < inputs.length; i++) inputs[i] = view.getFloat64(8 * i, littleEndian)
  return inputs
}

const integerAt = (view: DataView, { kind, sizeBytes, littleEndian }: NumberType, at: number): number => {
  const signed = kind === 'i'
  switch (sizeBytes) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at)
    case 2:
      return signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian)
    case 4:
      return signed ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian)
    case 8:
      return Number(signed ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian))
    default:
      return sizeBytes satisfies never
  }
}

/**
 * The array as labels: integers of any size, one a row.
 *
 * @returns new, in float64, so that every label is as it was.
 * @throws DataProblem with `InvalidDataset` for floats, and for a shape that is not `[n]` or `[n, 1]`.
 */
export const labelsOfArray = ({ file, type, shape, bytes }: NumberArray): Float64Array => {
  if (type.kind === 'f')
    return refuseDataset(
      file,
      'the type of its numbers',
      typeName(type),
      "must be an integer: labels are class numbers; convert them, in NumPy by .astype('int64')",
    )
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1))
    return refuseDataset(
      file,
      'the shape',
      `[${shape.join(', ')}]`,
      'must be [n] or [n, 1]: one class number an example; of one-hot rows save np.argmax(y, axis=1)',
    )
  const view = viewOf(bytes)
  return Float64Array.from({ length: shape[0] }, (_, i) => integerAt(view, type, i * type.sizeBytes))
}
