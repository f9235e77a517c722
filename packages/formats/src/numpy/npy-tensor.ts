/** A .npy array as float32. */
import { either as E } from 'fp-ts'
import { elementBytes, elementCount, toFloat32 } from '../element-types.ts'
import { refuseFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import { mostNpyHeaderBytes, type NpyHeader, parseNpyHeader } from './npy-header.ts'

/** As many bytes of a file as its header can have. */
export const npyStartBytes = mostNpyHeaderBytes + 12

/** Types of floating numbers that NumPy has. */
const floatTypes: Readonly<Record<string, string>> = { f2: 'F16', f4: 'F32', f8: 'F64' }

/** What a file says of its array, held against its size. */
export interface NpyArray extends NpyHeader {
  /** Null where the numbers are no floating ones. */
  readonly dtype: string | null
}

/**
 * Read a header.
 *
 * @param start the file's beginning, {@link npyStartBytes} of it where it has so many.
 * @throws FileRefusal where it is no header, or the file has not as many bytes as it says.
 */
export const npyArrayOf = (path: string, start: Uint8Array, fileBytes: number): NpyArray => {
  const header = parseNpyHeader(start)
  if (E.isLeft(header)) {
    const { field, value, rule } = header.left
    return refuseFile(path, `a .npy file, in which ${field} ${rule}`, value)
  }
  const { descr, shape, dataStart } = header.right
  const dtype = /^[<>]f[248]$/.test(descr) ? floatTypes[descr.slice(1)] : null
  const count = elementCount(shape)
  if (dtype !== null && (count === null || dataStart + count * elementBytes[dtype] !== fileBytes))
    return refuseFile(
      path,
      `as many bytes from byte ${dataStart} on as [${shape.join(', ')}] of ${descr} take`,
      `a file of ${fileBytes} bytes`,
    )
  return { ...header.right, dtype }
}

/** Values in which the first axis runs fastest, in row-major order. */
const fromFortranOrder = (values: Float32Array, shape: readonly number[]): Float32Array => {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((size, next) => size * next, 1))
  const ordered = new Float32Array(values.length)
  const index = new Uint32Array(shape.length)
  for (let i = 0, from = 0; i < ordered.length; i++) {
    ordered[i] = values[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return ordered
}

/** The values of an array of floating numbers, row-major. @throws FileRefusal */
export const readNpyValues = async (
  source: ByteSource,
  { descr, dtype, shape, dataStart, isFortranOrder }: NpyArray,
): Promise<Float32Array> => {
  const bytes = await readBytes(source, dataStart, source.sizeBytes - dataStart, 'its numbers')
  const values = toFloat32(dtype ?? 'F32', bytes, !descr.startsWith('>'))
  return isFortranOrder ? fromFortranOrder(values, shape) : values
}
