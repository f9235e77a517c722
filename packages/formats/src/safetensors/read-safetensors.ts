/** Reading safetensors that are in memory: float32, and other floating types as float32 where that is asked for. */
import { either as E, function as F } from 'fp-ts'
import type { CorruptFile } from '../corrupt-file.ts'
import { floatDtypes, toFloat32 } from '../element-types.ts'
import type { Tensor, TensorFile } from '../tensor.ts'
import { headerLengthOf, lengthBytes, parseSafetensorsHeader } from './safetensors-header.ts'
import { checkSeal, portableSha256, type Sha256 } from './seal.ts'

/** What the platform may bring. */
export interface SafetensorsOptions {
  /** A faster SHA-256 than the one in JavaScript, for example of `node:crypto`. */
  readonly sha256?: Sha256 | undefined
}

/** How a file is read. */
export interface ReadSafetensorsOptions extends SafetensorsOptions {
  /**
   * `float32` refuses every other type. `any` takes F16, BF16 and F64 as float32 (the last one rounded), and leaves tensors of other types out, by name in
   * `leftOut`.
   */
  readonly floats?: 'float32' | 'any' | undefined
}

/**
 * Read a file's bytes.
 *
 * Files of LaPerm's carry a checksum, which is checked; foreign ones need none, and all their metadata are given back as they are.
 *
 * @param path named in errors; nothing is opened.
 * @param bytes the whole file. Not kept: the tensors are copies.
 * @returns `Left(CorruptFile)` when a length, offset, shape or the checksum is not what it must be, or a name occurs twice; other types than F32 are
 * refused where not `floats: 'any'`.
 */
export const decodeSafetensors = (
  path: string,
  bytes: Uint8Array,
  { sha256 = portableSha256, floats = 'float32' }: ReadSafetensorsOptions = {},
): E.Either<CorruptFile, TensorFile> => {
  const headerLength = headerLengthOf(path, bytes.subarray(0, lengthBytes), bytes.length)
  if (E.isLeft(headerLength)) return headerLength
  const dataStart = lengthBytes + headerLength.right
  const header = parseSafetensorsHeader(
    path,
    bytes.subarray(lengthBytes, dataStart),
    bytes.length - dataStart,
    floats,
  )
  if (E.isLeft(header)) return header
  const { places, metadata } = header.right
  return F.pipe(
    checkSeal(sha256, path, bytes, dataStart, metadata),
    E.map((rest) => ({
      tensors: places
        .filter(({ dtype }) => floatDtypes.includes(dtype))
        .map(
          ({ name, dtype, shape, start, end }): Tensor => ({
            name,
            shape,
            values: toFloat32(dtype, bytes.subarray(dataStart + start, dataStart + end)),
          }),
        ),
      leftOut: places.flatMap(({ name, dtype }) => (floatDtypes.includes(dtype) ? [] : [{ name, dtype }])),
      metadata: rest,
    })),
  )
}
