/**
 * The header of a `.laperm` file: a network as its initial weights and one arrangement a weight vector.
 *
 * Layout: the eight bytes `LAPERM\0\1` (the last one is the version); two little-endian uint32, the header's length in the file and its length inflated; the
 * header, JSON in UTF-8 compressed by zlib; the parameters' data in the header's order; the 32 bytes of the SHA-256
 * of all before. docs/laperm-format.md is the description for readers in other languages.
 */
import { isRecord } from '@laperm/core/settings'
import { unzlibSync, zlibSync } from 'fflate'
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from '../corrupt-file.ts'
import { portableSha256, type Sha256 } from '../safetensors/seal.ts'
import { type JsonValue, parseStrictJson } from '../strict-json.ts'

/**
 * How a parameter's values are written: `arrangement` of its sorted initial weights; `initial` for values that have not changed, which need no
 * data; `float32` as they are.
 */
export const parameterCodings = ['arrangement', 'initial', 'float32'] as const
/** One of {@link parameterCodings}. */
export type ParameterCoding = (typeof parameterCodings)[number]

/** A parameter's place in the file. */
export interface PackedParameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly coding: ParameterCoding
  /** Of its data. */
  readonly bytes: number
}

/** What a file says of its network, apart from the arrangements. */
export interface LapermHeader {
  /** Where the initial weights come from, as JSON: whoever draws them knows what it means. */
  readonly initial: unknown
  /**
   * Of the sorted initial weights: for each arranged parameter, in the file's order, the 64 hexadecimal digits of its SHA-256 (little-endian float32, each vector
   * sorted, every zero +0), and of all these digits the SHA-256.
   */
  readonly sortedSha256: string
  /** SHA-256 of the values of all parameters, little-endian float32, in the file's order. */
  readonly sha256: string
  readonly parameters: readonly PackedParameter[]
}

const magic = Uint8Array.of(0x4c, 0x41, 0x50, 0x45, 0x52, 0x4d, 0, 1)
const prefixBytes = magic.length + 8
/** Of the SHA-256 at the end. */
export const sealBytes = 32
/** Of the header's JSON: a network of one's own has blocks in blocks. */
const deepestHeader = 64
const longestHeaderBytes = 16 * 2 ** 20
/** The most that deflate makes of a byte. */
const largestInflation = 1032
const mostParameters = 100_000

/** The file up to the data: the same bytes on every machine. */
export const encodeHeader = (header: LapermHeader): Uint8Array => {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const packed = zlibSync(json, { level: 9 })
  const bytes = new Uint8Array(prefixBytes + packed.length)
  bytes.set(magic)
  const view = new DataView(bytes.buffer)
  view.setUint32(magic.length, packed.length, true)
  view.setUint32(magic.length + 4, json.length, true)
  bytes.set(packed, prefixBytes)
  return bytes
}

/** Bytes as hexadecimal digits. */
const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The seal of a file whose hash is given in hexadecimal digits. */
export const sealOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: sealBytes }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))

/** A header and where the data begin. */
export interface ReadHeader {
  readonly header: LapermHeader
  readonly dataStart: number
}

const isHash = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

const isCount = (value: JsonValue | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

const show = (value: JsonValue | undefined): string =>
  value instanceof Map ? 'an object' : value === undefined ? 'none' : JSON.stringify(value)

/** @returns the parameter, or what its rule is and what stands there. */
const parseParameter = (value: JsonValue): PackedParameter | readonly [expected: string, found: string] => {
  if (!(value instanceof Map)) return ['an object for each parameter', show(value)]
  const name = value.get('name')
  const shape = value.get('shape')
  const coding = parameterCodings.find((known) => known === value.get('coding'))
  const bytes = value.get('bytes')
  if (typeof name !== 'string') return ["a string as a parameter's name", show(name)]
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isCount))
    return [`a shape of '${name}'`, show(shape)]
  const elements = shape.reduce<number>((product, axis) => product * axis, 1)
  if (!Number.isSafeInteger(4 * elements)) return [`a shape of '${name}' that memory can hold`, show(shape)]
  if (coding === undefined)
    return [`one of ${parameterCodings.join(', ')} as coding of '${name}'`, show(value.get('coding'))]
  if (!isCount(bytes)) return [`a number of bytes for '${name}'`, show(bytes)]
  const fixed = coding === 'initial' ? 0 : coding === 'float32' ? 4 * elements : bytes
  if (bytes !== fixed) return [`${fixed} bytes of ${coding} data for '${name}'`, `${bytes}`]
  return { name, shape, coding, bytes }
}

const parseParameters = (
  value: JsonValue | undefined,
): readonly PackedParameter[] | readonly [expected: string, found: string] => {
  if (!Array.isArray(value) || value.length > mostParameters)
    return [
      `a list of at most ${mostParameters} parameters`,
      Array.isArray(value) ? `${value.length}` : show(value),
    ]
  const parameters: PackedParameter[] = []
  const names = new Set<string>()
  for (const item of value) {
    const parameter = parseParameter(item)
    if (!('name' in parameter)) return parameter
    if (names.has(parameter.name)) return [`the parameter '${parameter.name}' once`, 'it twice']
    names.add(parameter.name)
    parameters.push(parameter)
  }
  return parameters
}

const isProblem = (
  value: readonly PackedParameter[] | readonly [string, string],
): value is readonly [string, string] => typeof value[0] === 'string'

const inflateText = (packed: Uint8Array, length: number): string | null => {
  try {
    const bytes = unzlibSync(packed, { out: new Uint8Array(length) })
    return bytes.length === length
      ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
      : null
  } catch {
    return null
  }
}

/**
 * Read a file's header. Nothing is allocated by what it claims.
 *
 * @param path named in errors; nothing is opened.
 * @param bytes the whole file.
 * @returns `Left(CorruptFile)` when it is no `.laperm` file, of another version, or its lengths do not fit the file.
 */
export const readLapermHeader = (
  path: string,
  bytes: Uint8Array,
  { sha256: hash = portableSha256 }: { readonly sha256?: Sha256 | undefined } = {},
): E.Either<CorruptFile, ReadHeader> => {
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  const isOurs = bytes.length >= prefixBytes && magic.subarray(0, 7).every((byte, i) => bytes[i] === byte)
  if (!isOurs)
    return fail('a .laperm file', bytes.length < prefixBytes ? `${bytes.length} bytes` : 'another first line')
  if (bytes[7] !== magic[7])
    return E.left(
      corruptFile(
        path,
        `version ${magic[7]} of the format`,
        `version ${bytes[7]}`,
        'Read it with the LaPerm that wrote it.',
      ),
    )
  if (bytes.length < prefixBytes + sealBytes) return fail('a whole .laperm file', `${bytes.length} bytes`)
  const dataEnd = bytes.length - sealBytes
  if (hash([bytes.subarray(0, dataEnd)]) !== hexadecimal(bytes.subarray(dataEnd)))
    return fail('the SHA-256 of the file at its end', 'another: the file is damaged or cut')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = view.getUint32(magic.length, true)
  const inflated = view.getUint32(magic.length + 4, true)
  if (length > dataEnd - prefixBytes)
    return fail('a header within the file', `a header of ${length} bytes in a file of ${bytes.length}`)
  if (inflated > Math.min(longestHeaderBytes, length * largestInflation))
    return fail('a header that zlib can have compressed so far', `${inflated} bytes in ${length}`)
  const dataStart = prefixBytes + length
  const text = inflateText(bytes.subarray(prefixBytes, dataStart), inflated)
  if (text === null) return fail(`${inflated} bytes of UTF-8 compressed by zlib as header`, 'other bytes')
  const json = parseStrictJson(text, deepestHeader)
  if (E.isLeft(json))
    return fail(
      `a JSON header with ${json.left.expected}`,
      `'${text.slice(json.left.at, json.left.at + 20)}'`,
    )
  if (!(json.right instanceof Map)) return fail('a JSON object as header', show(json.right))
  const sortedSha256 = json.right.get('sortedSha256')
  const sha256 = json.right.get('sha256')
  if (!isHash(sortedSha256)) return fail('64 hexadecimal digits as sortedSha256', show(sortedSha256))
  if (!isHash(sha256)) return fail('64 hexadecimal digits as sha256', show(sha256))
  const parameters = parseParameters(json.right.get('parameters'))
  if (isProblem(parameters)) return fail(...parameters)
  const dataBytes = parameters.reduce((sum, { bytes: size }) => sum + size, 0)
  if (dataBytes !== dataEnd - dataStart)
    return fail(`${dataBytes} bytes of data behind the header`, `${dataEnd - dataStart}`)
  // It has been parsed strictly above: as plain JSON now, without maps.
  const plain: unknown = JSON.parse(text)
  const { initial = null } = isRecord(plain) ? plain : {}
  return E.right({ header: { initial, sortedSha256, sha256, parameters }, dataStart })
}
