/**
 * The header of a `.laperm` file: a network as its initial weights and one arrangement a weight vector.
 *
 * Layout of version 2: the eight bytes `LAPERM\0\2`; the header's length in the file and its length inflated; two SHA-256; the header, JSON in UTF-8, deflated with a
 * dictionary; the parameters' data in the header's order; the first four bytes of the SHA-256 of all before. Version 1, which is read as well, has the hashes in the
 * JSON, no dictionary, and a whole SHA-256 at the end. docs/laperm-format.md is the description for readers in other languages.
 */
import { isRecord } from '@laperm/core/settings'
import { deflateSync, inflateSync, unzlibSync } from 'fflate'
import { either as E } from 'fp-ts'
import type { CorruptFile } from '../corrupt-file.ts'
import { FileRefusal, refuseFile } from '../refusal.ts'
import { portableSha256, type Sha256 } from '../safetensors/seal.ts'
import { type JsonValue, parseStrictJson } from '../strict-json.ts'
import { headerDictionary } from './header-dictionary.ts'
import {
  isProblem,
  listOfParameter,
  type PackedParameter,
  parameterFields,
  parseParameters,
  showJson,
} from './packed-parameters.ts'
import { encodeCount, readCount } from './whole-numbers.ts'

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

/** A header and where the data begin. */
export interface ReadHeader {
  readonly header: LapermHeader
  readonly dataStart: number
}

const magic = Uint8Array.of(0x4c, 0x41, 0x50, 0x45, 0x52, 0x4d, 0)
const versionAt = magic.length
const prefixBytes = versionAt + 1
const hashBytes = 32
/** Of the hash of all before it, by version. */
const sealBytes = { 1: hashBytes, 2: 4 } as const
/** Of the header's JSON: a network of one's own has blocks in blocks. */
const deepestHeader = 64
const longestHeaderBytes = 16 * 2 ** 20
/** The most that deflate makes of a byte. */
const largestInflation = 1032

const dictionary = new TextEncoder().encode(headerDictionary)

/** Bytes as hexadecimal digits. */
const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const bytesOfDigits = (digits: string, count = hashBytes): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))

/** The file up to the data: the same bytes on every machine. */
export const encodeHeader = ({
  initial,
  parameters,
  sortedSha256,
  sha256,
}: LapermHeader): readonly Uint8Array[] => {
  const json = new TextEncoder().encode(
    JSON.stringify({ initial, parameters: parameters.map(listOfParameter) }),
  )
  const packed = deflateSync(json, { level: 9, dictionary })
  return [
    magic,
    Uint8Array.of(2),
    encodeCount(packed.length),
    encodeCount(json.length),
    bytesOfDigits(sortedSha256),
    bytesOfDigits(sha256),
    packed,
  ]
}

/** The end of a file. @param digits of the SHA-256 of all before. */
export const sealOf = (digits: string): Uint8Array => bytesOfDigits(digits, sealBytes[2])

const isHash = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** What a version says of its header before it is inflated. */
interface HeaderPlace {
  readonly length: number
  readonly inflated: number
  readonly start: number
  /** Null where they are in the JSON. */
  readonly hashes: readonly [sortedSha256: string, sha256: string] | null
}

const placeOfHeader = (path: string, bytes: Uint8Array, version: 1 | 2): HeaderPlace => {
  if (version === 1) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const [length, inflated] = [view.getUint32(prefixBytes, true), view.getUint32(prefixBytes + 4, true)]
    return { length, inflated, start: prefixBytes + 8, hashes: null }
  }
  const [length, afterLength] = readCount(path, bytes, prefixBytes)
  const [inflated, hashesAt] = readCount(path, bytes, afterLength)
  const start = hashesAt + 2 * hashBytes
  return {
    length,
    inflated,
    start,
    hashes: [
      hexadecimal(bytes.subarray(hashesAt, hashesAt + hashBytes)),
      hexadecimal(bytes.subarray(hashesAt + hashBytes, start)),
    ],
  }
}

const inflateText = (packed: Uint8Array, length: number, version: 1 | 2): string | null => {
  try {
    const out = new Uint8Array(length)
    const bytes = version === 1 ? unzlibSync(packed, { out }) : inflateSync(packed, { out, dictionary })
    return bytes.length === length
      ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
      : null
  } catch {
    return null
  }
}

const versionOf = (path: string, bytes: Uint8Array): 1 | 2 => {
  const isOurs = bytes.length > versionAt && magic.every((byte, i) => bytes[i] === byte)
  if (!isOurs)
    return refuseFile(
      path,
      'a .laperm file',
      bytes.length <= versionAt ? `${bytes.length} bytes` : 'another first line',
    )
  const version = bytes[versionAt]
  return version === 1 || version === 2
    ? version
    : refuseFile(
        path,
        'version 1 or 2 of the format',
        `version ${version}`,
        'Read it with the LaPerm that wrote it.',
      )
}

/** @throws FileRefusal */
const readHeader = (path: string, bytes: Uint8Array, hash: Sha256): ReadHeader => {
  const version = versionOf(path, bytes)
  const dataEnd = bytes.length - sealBytes[version]
  if (dataEnd < prefixBytes + (version === 1 ? 8 : 2 * hashBytes + 2))
    return refuseFile(path, 'a whole .laperm file', `${bytes.length} bytes`)
  const seal = hexadecimal(bytes.subarray(dataEnd))
  if (hash([bytes.subarray(0, dataEnd)]).slice(0, seal.length) !== seal)
    return refuseFile(
      path,
      `the SHA-256 of the file's first ${dataEnd} bytes at its end`,
      'another: the file is damaged or cut',
    )
  const { length, inflated, start, hashes } = placeOfHeader(path, bytes, version)
  if (length > dataEnd - start)
    return refuseFile(
      path,
      `a header of ${length} bytes from byte ${start} on`,
      `a file of ${bytes.length} bytes`,
    )
  if (inflated > Math.min(longestHeaderBytes, length * largestInflation))
    return refuseFile(
      path,
      'a header that can have been deflated so far',
      `${inflated} bytes in ${length} from byte ${start} on`,
    )
  const dataStart = start + length
  const text = inflateText(bytes.subarray(start, dataStart), inflated, version)
  if (text === null)
    return refuseFile(path, `${inflated} bytes of UTF-8, deflated, from byte ${start} on`, 'other bytes')
  const json = parseStrictJson(text, deepestHeader)
  if (E.isLeft(json))
    return refuseFile(
      path,
      `a JSON header with ${json.left.expected} at character ${json.left.at}`,
      `'${text.slice(json.left.at, json.left.at + 20)}'`,
    )
  if (!(json.right instanceof Map)) return refuseFile(path, 'a JSON object as header', showJson(json.right))
  const [sortedSha256, sha256] = hashes ?? [json.right.get('sortedSha256'), json.right.get('sha256')]
  if (!isHash(sortedSha256))
    return refuseFile(path, '64 hexadecimal digits as sortedSha256', showJson(sortedSha256))
  if (!isHash(sha256)) return refuseFile(path, '64 hexadecimal digits as sha256', showJson(sha256))
  const parameters = parseParameters(json.right.get('parameters'), parameterFields[version])
  if (isProblem(parameters)) return refuseFile(path, parameters.expected, parameters.found)
  const dataBytes = parameters.reduce((sum, { bytes: size }) => sum + size, 0)
  if (dataBytes !== dataEnd - dataStart)
    return refuseFile(path, `${dataBytes} bytes of data from byte ${dataStart} on`, `${dataEnd - dataStart}`)
  // It has been parsed strictly above: as plain JSON now, without maps.
  const plain: unknown = JSON.parse(text)
  const { initial = null } = isRecord(plain) ? plain : {}
  return { header: { initial, sortedSha256, sha256, parameters }, dataStart }
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
  { sha256 = portableSha256 }: { readonly sha256?: Sha256 | undefined } = {},
): E.Either<CorruptFile, ReadHeader> => {
  try {
    return E.right(readHeader(path, bytes, sha256))
  } catch (error) {
    if (error instanceof FileRefusal) return E.left(error.corrupt)
    throw error
  }
}
