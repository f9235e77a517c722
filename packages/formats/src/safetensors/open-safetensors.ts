/** A safetensors file tensor by tensor: only its header is read when it is opened. */
import { elementBytes, floatDtypes, toFloat32 } from '../element-types.ts'
import { compareNaturally } from '../naming/natural-order.ts'
import { isPytorchNaming, neuronAxesOf, placesByName } from '../naming/tensor-roles.ts'
import { attemptFile, requireRight } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import type { WeightFile } from '../weight-file.ts'
import {
  headerLengthOf,
  lengthBytes,
  parseSafetensorsHeader,
  type SafetensorsPlace,
} from './safetensors-header.ts'
import { sealToCheck, startSha256 } from './seal.ts'

/** Of a piece that is hashed at once. */
const pieceBytes = 2 ** 22

/** Read all of a LaPerm's own file once, to check its checksum. @returns the metadata without it. */
const checkSealOf = async (
  source: ByteSource,
  start: Uint8Array,
  metadata: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> => {
  const check = requireRight(sealToCheck(source.path, start, metadata))
  if (check === null) return metadata
  const sha256 = startSha256()
  sha256.update(check.start)
  for (let at = start.length; at < source.sizeBytes; at += pieceBytes)
    sha256.update(await readBytes(source, at, Math.min(pieceBytes, source.sizeBytes - at), 'data'))
  return requireRight(check.conclude(sha256.digest()))
}

/** PyTorch's writer sorts by name, which puts `conv10` before `conv2`: such an order is none, and the natural one is taken. */
const inOrder = (places: readonly SafetensorsPlace[]): readonly SafetensorsPlace[] => {
  const isSorted = (list: readonly SafetensorsPlace[]): boolean =>
    list.every(({ name }, i) => i === 0 || list[i - 1].name < name)
  // It puts wider types first.
  const widths = [...new Set(places.map(({ dtype }) => elementBytes[dtype]))]
  return widths.every((width) => isSorted(places.filter(({ dtype }) => elementBytes[dtype] === width)))
    ? [...places].sort((a, b) => compareNaturally(a.name, b.name))
    : places
}

/**
 * Neurons come first in files of PyTorch, which say so (`format: pt`) or are told by their names, and last in all others.
 *
 * @throws FileRefusal
 */
export const openSafetensors = async (source: ByteSource): Promise<WeightFile> => {
  const { path, sizeBytes } = source
  const prefix = await readBytes(source, 0, Math.min(lengthBytes, sizeBytes), 'the length of the header')
  const headerLength = requireRight(headerLengthOf(path, prefix, sizeBytes))
  const dataStart = lengthBytes + headerLength
  const start = await readBytes(source, 0, dataStart, 'the header')
  const header = requireRight(
    parseSafetensorsHeader(path, start.subarray(lengthBytes), sizeBytes - dataStart, 'any'),
  )
  const metadata = await checkSealOf(source, start, header.metadata)
  const floats = inOrder(header.places.filter(({ dtype }) => floatDtypes.includes(dtype)))
  const isPytorch = metadata.format === undefined ? isPytorchNaming(floats) : metadata.format === 'pt'
  const places = placesByName(floats)
  return {
    format: 'safetensors',
    tensors: floats.map((place, i) => ({
      name: place.name,
      shape: place.shape,
      dtype: place.dtype,
      neuronAxes: neuronAxesOf(place, isPytorch ? 'first' : 'last'),
      ...places[i],
      read: attemptFile(async () =>
        toFloat32(
          place.dtype,
          await readBytes(source, dataStart + place.start, place.end - place.start, `'${place.name}'`),
        ),
      ),
    })),
    leftOut: header.places.flatMap(({ name, dtype }) =>
      floatDtypes.includes(dtype) ? [] : [{ name, dtype }],
    ),
    metadata,
    close: () => undefined,
  }
}
