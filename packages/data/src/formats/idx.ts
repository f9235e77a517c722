/**
 * The idx format of MNIST and its relatives: a big-endian header, then unsigned bytes. Parsing only, no files.
 *
 * @see http://yann.lecun.com/exdb/mnist/ "FILE FORMATS"
 */
import { DataProblem } from '../data-problem.ts'

/** Unsigned bytes in 3 dimensions, and in 1: what images and labels start with. */
const imagesMagic = 0x00000803
const labelsMagic = 0x00000801

/** Images of an idx3 file: `count` of `height x width`, one channel; views the bytes that were parsed. */
export interface IdxImages {
  readonly images: Uint8Array
  readonly count: number
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

const readHeader = (
  file: string,
  bytes: Uint8Array,
  magic: number,
  fields: readonly string[],
): readonly number[] => {
  const headerBytes = 4 + 4 * fields.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 4 && view.getUint32(0) !== magic)
    throw new DataProblem({
      _tag: 'BadMagic',
      file,
      expected: hex(magic),
      found: hex(view.getUint32(0)),
    })
  if (bytes.length < headerBytes)
    throw new DataProblem({
      _tag: 'WrongLength',
      file,
      expectedBytes: headerBytes,
      foundBytes: bytes.length,
    })
  return fields.map((_, index) => view.getUint32(4 + 4 * index))
}

const requireCount = (file: string, count: number, maxCount: number): void => {
  if (count < 1 || count > maxCount)
    throw new DataProblem({
      _tag: 'BadHeader',
      file,
      field: 'the number of examples',
      rule: `must be from 1 to ${maxCount}`,
      found: String(count),
    })
}

const requireLength = (file: string, bytes: Uint8Array, expectedBytes: number): void => {
  if (bytes.length !== expectedBytes)
    throw new DataProblem({ _tag: 'WrongLength', file, expectedBytes, foundBytes: bytes.length })
}

/**
 * Parse an idx3 file of unsigned bytes.
 *
 * @param file its name, for errors.
 * @param size height and width that every image must have.
 * @param maxCount more examples than this are refused.
 * @throws DataProblem with `BadMagic`, `BadHeader` or `WrongLength`.
 */
export const parseIdxImages = (
  file: string,
  bytes: Uint8Array,
  size: readonly [number, number],
  maxCount: number,
): IdxImages => {
  const [count, height, width] = readHeader(file, bytes, imagesMagic, ['count', 'height', 'width'])
  requireCount(file, count, maxCount)
  if (height !== size[0] || width !== size[1])
    throw new DataProblem({
      _tag: 'BadHeader',
      file,
      field: 'the size of an image',
      rule: `must be ${size[0]}x${size[1]}`,
      found: `${height}x${width}`,
    })
  requireLength(file, bytes, 16 + count * height * width)
  return { images: bytes.subarray(16), count }
}

/**
 * Parse an idx1 file of unsigned bytes; the result views the bytes given.
 *
 * @throws DataProblem with `BadMagic`, `BadHeader`, `WrongLength` or `LabelOutOfRange` (the first label that is no class).
 */
export const parseIdxLabels = (
  file: string,
  bytes: Uint8Array,
  classes: number,
  maxCount: number,
): Uint8Array => {
  const [count] = readHeader(file, bytes, labelsMagic, ['count'])
  requireCount(file, count, maxCount)
  requireLength(file, bytes, 8 + count)
  const labels = bytes.subarray(8)
  requireLabels(file, labels, classes)
  return labels
}

/** Throw `LabelOutOfRange` for the first label that is not below `classes`. */
export const requireLabels = (file: string, labels: Uint8Array, classes: number): void => {
  const index = labels.findIndex((label) => label >= classes)
  if (index >= 0)
    throw new DataProblem({ _tag: 'LabelOutOfRange', file, index, label: labels[index], classes })
}
