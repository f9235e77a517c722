/**
 * Reading safetensors: float32, and other floating types as float32 where that is asked for.
 *
 * Layout: 8 bytes little-endian header length, a JSON header of `name -> { dtype, shape, data_offsets }` with string metadata
 * under `__metadata__`, then the data. Reading trusts nothing: a length, an offset and a shape are held against the file's size before
 * memory is taken for them.
 * @see https://huggingface.co/docs/safetensors
 */
import { either as E, function as F } from 'fp-ts'
import { type CorruptFile, corruptFile } from './corrupt-file.ts'
import { elementBytes, floatDtypes, toFloat32 } from './safetensors-dtypes.ts'
import { checkSeal, portableSha256, type Sha256 } from './seal.ts'
import { type JsonValue, parseStrictJson } from './strict-json.ts'
import type { Tensor, TensorFile } from './tensor.ts'

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

/** The reference implementation's limit. */
const longestHeaderBytes = 100_000_000
/** A header is an object of objects of lists. */
const headerLevels = 3

/** Where a tensor's data are, in bytes behind the header. */
interface Place {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}

interface Header {
  readonly places: readonly Place[]
  readonly metadata: Readonly<Record<string, string>>
}

type Fail = (expected: string, found: string) => E.Either<CorruptFile, never>

/** A part of the header for a message. */
const show = (value: JsonValue | undefined): string =>
  value instanceof Map ? 'an object' : value === undefined ? 'none' : JSON.stringify(value)

const isCount = (value: JsonValue): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)

const metadataOf = (fail: Fail, value: JsonValue): E.Either<CorruptFile, Header['metadata']> => {
  if (!(value instanceof Map)) return fail("an object as '__metadata__'", show(value))
  const metadata: Record<string, string> = Object.create(null)
  for (const [key, text] of value) {
    if (typeof text !== 'string') return fail(`a string as metadata '${key}'`, show(text))
    metadata[key] = text
  }
  return E.right(metadata)
}

const placeOf = (
  fail: Fail,
  name: string,
  value: JsonValue,
  dataLength: number,
  floats: 'float32' | 'any',
): E.Either<CorruptFile, Place> => {
  if (!(value instanceof Map)) return fail(`an object for '${name}'`, show(value))
  const dtype = value.get('dtype')
  const shape = value.get('shape')
  const offsets = value.get('data_offsets')
  if (floats === 'float32' && dtype !== 'F32') return fail(`float32 (F32) in '${name}'`, show(dtype))
  if (typeof dtype !== 'string' || !Object.hasOwn(elementBytes, dtype))
    return fail(`a type of safetensors in '${name}'`, show(dtype))
  if (!isList(shape) || !shape.every(isCount)) return fail(`a shape for '${name}'`, show(shape))
  if (!isList(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    return fail(`two offsets for '${name}'`, show(offsets))
  const [start, end] = offsets
  const size = shape.reduce((product, axis) => product * axis, elementBytes[dtype])
  return end > dataLength || end - start !== size
    ? fail(
        `${size} bytes of data for '${name}' within the file`,
        `offsets ${start} to ${end} in ${dataLength} bytes of data`,
      )
    : E.right({ name, dtype, shape, start, end })
}

/** The places in the order of their data, when they cover the data without hole or overlap. */
const checkLayout = (
  fail: Fail,
  places: readonly Place[],
  dataLength: number,
): E.Either<CorruptFile, readonly Place[]> => {
  // An empty tensor starts where the next one does.
  const ordered = [...places].sort((a, b) => a.start - b.start || a.end - b.end)
  let covered = 0
  for (const { name, start, end } of ordered) {
    if (start !== covered) return fail(`'${name}' to start at ${covered}`, `${start}`)
    covered = end
  }
  return covered === dataLength ? E.right(ordered) : fail(`${covered} bytes of data`, `${dataLength}`)
}

const headerOf = (
  fail: Fail,
  text: string,
  dataLength: number,
  floats: 'float32' | 'any',
): E.Either<CorruptFile, Header> => {
  const json = parseStrictJson(text, headerLevels)
  if (E.isLeft(json)) {
    const { expected, at } = json.left
    return fail(`a JSON header with ${expected}`, `'${text.slice(at, at + 20)}' at character ${at} of it`)
  }
  if (!(json.right instanceof Map)) return fail('a JSON object as header', show(json.right))
  let metadata: Header['metadata'] = Object.create(null)
  const places: Place[] = []
  for (const [name, value] of json.right) {
    if (name === '__metadata__') {
      const read = metadataOf(fail, value)
      if (E.isLeft(read)) return read
      metadata = read.right
      continue
    }
    const place = placeOf(fail, name, value, dataLength, floats)
    if (E.isLeft(place)) return place
    places.push(place.right)
  }
  return E.map((ordered: readonly Place[]): Header => ({ places: ordered, metadata }))(
    checkLayout(fail, places, dataLength),
  )
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
  const fail: Fail = (expected, found) => E.left(corruptFile(path, expected, found))
  if (bytes.length < 8) return fail('a safetensors file', `${bytes.length} bytes`)
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (headerLength < 2 || headerLength > Math.min(longestHeaderBytes, bytes.length - 8))
    return fail(
      'a safetensors header within the file',
      `a header of ${headerLength} bytes in a file of ${bytes.length}`,
    )
  const dataStart = 8 + headerLength
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice(8, dataStart))
  } catch {
    return fail('a header in UTF-8', 'other bytes')
  }
  const header = headerOf(fail, text, bytes.length - dataStart, floats)
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
