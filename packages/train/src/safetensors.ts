/** Safetensors files in Node, with Node's SHA-256. @see ./safetensors-format.ts */
import { createHash } from 'node:crypto'
import type { either as E } from 'fp-ts'
import type { CorruptFile } from './errors.ts'
import { makeSafetensorsFormat, type Tensor, type TensorFile } from './safetensors-format.ts'

const format = makeSafetensorsFormat((pieces) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex'),
)

/**
 * A file's bytes in pieces, to be written one after the other: the header, then each tensor as a view of its values. Nothing large is copied.
 *
 * The metadata gains `sha256`: the checksum of the whole file in which its own 64 digits are zeros.
 *
 * @throws RangeError when a tensor's shape does not hold its values, or a name occurs twice.
 */
export const safetensorsPieces = (
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] => format.pieces(tensors, metadata)

/**
 * A file's bytes.
 *
 * The metadata gains `sha256`: the checksum of the whole file in which its own 64 digits are zeros.
 *
 * @throws RangeError when a tensor's shape does not hold its values, or a name occurs twice.
 */
export const encodeSafetensors = (
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> => format.encode(tensors, metadata)

/**
 * Read a file's bytes.
 *
 * @param path named in errors; nothing is opened.
 * @param bytes the whole file. Not kept: the tensors are copies.
 * @returns `Left(CorruptFile)` when a length, offset, shape or the checksum is not what it must be; other dtypes than F32 are refused.
 */
export const decodeSafetensors = (path: string, bytes: Uint8Array): E.Either<CorruptFile, TensorFile> =>
  format.decode(path, bytes)
