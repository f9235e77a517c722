/**
 * The header of a safetensors file: 8 bytes little-endian length, then JSON of `name -> { dtype, shape, data_offsets }` with string metadata
 * under `__metadata__`. Reading trusts nothing: lengths, offsets and shapes are held against the file's size.
 * @see https://huggingface.co/docs/safetensors
 */
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from '../corrupt-file.ts'
import { elementBytes, elementCount } from '../element-types.ts'
import { type JsonValue, parseStrictJson } from '../strict-json.ts'

/** The reference implementation's limit. */
const longestHeaderBytes = 100_000_000
/** A header is an object of objects of lists. */
const headerLevels = 3
/** Of the header's length, which the file begins with. */
export const lengthBytes = 8

/** Where a tensor's data are, in bytes behind the header. */
export interface SafetensorsPlace {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}

/** What a header says. */
export interface SafetensorsHeader {
  /** In the order of their data, which they cover without hole or overlap. */
  readonly places: readonly SafetensorsPlace[]
  readonly metadata: Readonly<Record<string, string>>
}

type Fail = (expected: string, found: string) => E.Either<CorruptFile, never>

/** A part of the header for a message. */
const show = (value: JsonValue | undefined): string =>
  value instanceof Map ? 'an object' : value === undefined ? 'none' : JSON.stringify(value)

const isCount = (value: JsonValue): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)

const metadataOf = (fail: Fail, value: JsonValue): E.Either<CorruptFile, SafetensorsHeader['metadata']> => {
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
): E.Either<CorruptFile, SafetensorsPlace> => {
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
  const size = (elementCount(shape) ?? Number.NaN) * elementBytes[dtype]
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
  places: readonly SafetensorsPlace[],
  dataLength: number,
): E.Either<CorruptFile, readonly SafetensorsPlace[]> => {
  // An empty tensor starts where the next one does.
  const ordered = [...places].sort((a, b) => a.start - b.start || a.end - b.end)
  let covered = 0
  for (const { name, start, end } of ordered) {
    if (start !== covered) return fail(`'${name}' to start at ${covered}`, `${start}`)
    covered = end
  }
  return covered === dataLength ? E.right(ordered) : fail(`${covered} bytes of data`, `${dataLength}`)
}

/** How long the header is, from the file's first eight bytes. */
export const headerLengthOf = (
  path: string,
  prefix: Uint8Array,
  fileBytes: number,
): E.Either<CorruptFile, number> => {
  if (prefix.length < lengthBytes)
    return E.left(corruptFile(path, 'a safetensors file', `${prefix.length} bytes`))
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true))
  return length < 2 || length > Math.min(longestHeaderBytes, fileBytes - lengthBytes)
    ? E.left(
        corruptFile(
          path,
          'a safetensors header within the file',
          `a header of ${length} bytes in a file of ${fileBytes}`,
        ),
      )
    : E.right(length)
}

/**
 * Read a header.
 *
 * @param header its bytes, without the length before it.
 * @param dataLength bytes behind it.
 * @param floats `float32` refuses every other type.
 */
export const parseSafetensorsHeader = (
  path: string,
  header: Uint8Array,
  dataLength: number,
  floats: 'float32' | 'any',
): E.Either<CorruptFile, SafetensorsHeader> => {
  const fail: Fail = (expected, found) => E.left(corruptFile(path, expected, found))
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header.slice())
  } catch {
    return fail('a header in UTF-8', 'other bytes')
  }
  const json = parseStrictJson(text, headerLevels)
  if (E.isLeft(json)) {
    const { expected, at } = json.left
    return fail(`a JSON header with ${expected}`, `'${text.slice(at, at + 20)}' at character ${at} of it`)
  }
  if (!(json.right instanceof Map)) return fail('a JSON object as header', show(json.right))
  let metadata: SafetensorsHeader['metadata'] = Object.create(null)
  const places: SafetensorsPlace[] = []
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
  return E.map((ordered: readonly SafetensorsPlace[]): SafetensorsHeader => ({ places: ordered, metadata }))(
    checkLayout(fail, places, dataLength),
  )
}
