/**
 * The idx format in general: any of its types, 1 to 4 axes. `idx.ts` reads the published files, which are of one type and size.
 *
 * @see http://yann.lecun.com/exdb/mnist/ "FILE FORMATS"
 */
import { refuseDataset } from '../make-dataset.ts'
import { type NumberArray, type NumberType, numbersIn } from './number-array.ts'

const types: ReadonlyMap<number, Omit<NumberType, 'littleEndian'>> = new Map([
  [0x08, { kind: 'u', sizeBytes: 1 }],
  [0x09, { kind: 'i', sizeBytes: 1 }],
  [0x0b, { kind: 'i', sizeBytes: 2 }],
  [0x0c, { kind: 'i', sizeBytes: 4 }],
  [0x0d, { kind: 'f', sizeBytes: 4 }],
  [0x0e, { kind: 'f', sizeBytes: 8 }],
])

/** The longest header: a magic and four axes. */
export const mostIdxHeaderBytes = 20

/** What an idx file announces. */
export interface IdxHeader {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly headerBytes: number
  /** The whole file's length. */
  readonly fileBytes: number
}

/**
 * Parse an idx header.
 *
 * @param bytes at least the first {@link mostIdxHeaderBytes} of the file, or all of it.
 * @throws DataProblem with `InvalidDataset`.
 */
export const parseIdxHeader = (file: string, bytes: Uint8Array): IdxHeader => {
  const type = types.get(bytes[2])
  const axes = bytes[3]
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || type === undefined || axes < 1 || axes > 4)
    return refuseDataset(
      file,
      'its beginning',
      bytes.length === 0
        ? 'empty'
        : `0x${[...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
      'must be that of an idx file: two zero bytes, a type (0x08 for uint8), and 1 to 4 axes',
    )
  const headerBytes = 4 + 4 * axes
  if (bytes.length < headerBytes)
    return refuseDataset(
      file,
      'its length',
      `${bytes.length} bytes`,
      `must be more than the header's ${headerBytes}`,
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  return {
    type: { ...type, littleEndian: false },
    shape,
    headerBytes,
    fileBytes: headerBytes + numbersIn(shape) * type.sizeBytes,
  }
}

/**
 * Parse an idx file; the result views the bytes given.
 *
 * @throws DataProblem with `InvalidDataset`.
 */
export const parseIdxArray = (file: string, bytes: Uint8Array): NumberArray => {
  const { type, shape, headerBytes, fileBytes } = parseIdxHeader(file, bytes)
  if (bytes.length !== fileBytes)
    return refuseDataset(
      file,
      'its length',
      `${bytes.length} bytes`,
      `must be ${fileBytes}: a header of ${headerBytes} and ${type.sizeBytes} for each of [${shape.join(', ')}]`,
    )
  return { file, type, shape, bytes: bytes.subarray(headerBytes) }
}
