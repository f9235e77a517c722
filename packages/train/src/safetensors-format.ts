/**
 * The safetensors format, float32 only: named tensors in one file that numpy, PyTorch and tfjs people can read.
 *
 * Layout: 8 bytes little-endian header length, a JSON header of `name -> { dtype, shape, data_offsets }` with string metadata
 * under `__metadata__`, then the data. Reading trusts nothing: every length and offset is checked against the file before use.
 * Files that we write carry a checksum of themselves (see {@link SafetensorsFormat}); foreign ones need none.
 * What computes it is given from outside: Node has its own, a browser's page needs one in JavaScript.
 * @see https://huggingface.co/docs/safetensors
 */
import { either as E } from 'fp-ts'
import { type CorruptFile, corruptFile } from './errors.ts'

/** A named float32 tensor, row-major. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What a safetensors file holds. */
export interface TensorFile {
  /** In the order of their data in the file. */
  readonly tensors: readonly Tensor[]
  readonly metadata: Readonly<Record<string, string>>
}

/** The reference implementation's limit, so that a damaged length is not taken for a size to allocate. */
const longestHeaderBytes = 100_000_000
const checksumKey = 'sha256'
/** How the metadata `format` of our own files begins. */
const ownFormat = 'laperm-'
const unsealed = '0'.repeat(64)

/** The SHA-256 of bytes, given in pieces, as 64 lower-case hexadecimal digits. */
export type Sha256 = (pieces: readonly Uint8Array[]) => string

/** Pieces as one array. */
export const joinPieces = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

/** Writes and reads files. */
export interface SafetensorsFormat {
  /**
   * A file's bytes in pieces: the header, then each tensor as a view of its values. Nothing large is copied.
   *
   * The metadata gains `sha256`: the checksum of the whole file in which its own 64 digits are zeros.
   *
   * @throws RangeError when a tensor's shape does not hold its values, or a name occurs twice.
   */
  readonly pieces: (
    tensors: readonly Tensor[],
    metadata: Readonly<Record<string, string>>,
  ) => readonly Uint8Array[]
  /** The same as one array. */
  readonly encode: (
    tensors: readonly Tensor[],
    metadata: Readonly<Record<string, string>>,
  ) => Uint8Array<ArrayBuffer>
  /**
   * Read a file's bytes.
   *
   * @param path named in errors; nothing is opened.
   * @param bytes the whole file. Not kept: the tensors are copies.
   * @returns `Left(CorruptFile)` when a length, offset, shape or the checksum is not what it must be; other dtypes than F32 are refused.
   */
  readonly decode: (path: string, bytes: Uint8Array) => E.Either<CorruptFile, TensorFile>
}

const marker = new TextEncoder().encode(`"${checksumKey}":"`)

/** Where the 64 hexadecimal digits of the checksum are in the file, -1 when it has none. */
const checksumOffset = (file: Uint8Array, dataStart: number): number => {
  for (let at = 8; at + marker.length + unsealed.length <= dataStart; at++)
    if (marker.every((byte, i) => file[at + i] === byte)) return at + marker.length
  return -1
}

/** Write hexadecimal digits. */
const seal = (file: Uint8Array, at: number, digits: string): void => {
  file.set(new TextEncoder().encode(digits), at)
}

const piecesOf = (
  sha256: Sha256,
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] => {
  const header: Record<string, unknown> = { __metadata__: { [checksumKey]: unsealed, ...metadata } }
  let offset = 0
  for (const { name, shape, values } of tensors) {
    if (Object.hasOwn(header, name)) throw new RangeError(`tensors: the name '${name}' occurs twice`)
    if (shape.reduce((product, axis) => product * axis, 1) !== values.length)
      throw new RangeError(`tensors: '${name}' of shape [${shape.join(', ')}] has ${values.length} values`)
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(json.length / 8) * 8
  const start = new Uint8Array(8 + headerLength)
  new DataView(start.buffer).setBigUint64(0, BigInt(headerLength), true)
  start.fill(0x20, 8)
  start.set(json, 8)
  const pieces = [
    start,
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]
  seal(start, checksumOffset(start, start.length), sha256(pieces))
  return pieces
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const decode = (sha256: Sha256, path: string, file: Uint8Array): E.Either<CorruptFile, TensorFile> => {
  const fail = (expected: string, found: string) => E.left(corruptFile(path, expected, found))
  if (file.length < 8) return fail('a safetensors file', `${file.length} bytes`)
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  if (headerLength < 2 || headerLength > Math.min(longestHeaderBytes, file.length - 8))
    return fail(
      'a safetensors header within the file',
      `a header of ${headerLength} bytes in a file of ${file.length}`,
    )
  const dataStart = 8 + headerLength
  const dataLength = file.length - dataStart
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(file.slice(8, dataStart)))
  } catch {
    return fail('a JSON header', 'something that does not parse')
  }
  if (!isRecord(header)) return fail('a JSON object as header', 'another JSON value')

  const metadata: Record<string, string> = {}
  const tensors: (Tensor & { readonly start: number })[] = []
  for (const [name, entry] of Object.entries(header)) {
    if (!isRecord(entry)) return fail(`a record for '${name}'`, JSON.stringify(entry))
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(entry)) {
        if (typeof value !== 'string') return fail(`a string as metadata '${key}'`, JSON.stringify(value))
        metadata[key] = value
      }
      continue
    }
    const { dtype, shape, data_offsets: offsets } = entry
    if (dtype !== 'F32') return fail(`float32 (F32) in '${name}'`, String(dtype))
    if (!Array.isArray(shape) || !shape.every(isCount))
      return fail(`a shape for '${name}'`, JSON.stringify(shape))
    if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
      return fail(`two offsets for '${name}'`, JSON.stringify(offsets))
    const [start, end] = offsets as [number, number]
    const size = shape.reduce((product: number, axis: number) => product * axis, 4)
    if (end > dataLength || end - start !== size)
      return fail(
        `${size} bytes of data for '${name}' within the file`,
        `offsets ${start} to ${end} in ${dataLength} bytes of data`,
      )
    const values = new Float32Array(size / 4)
    new Uint8Array(values.buffer).set(file.subarray(dataStart + start, dataStart + end))
    tensors.push({ name, shape, values, start })
  }
  // An empty tensor starts where the next one does.
  tensors.sort((a, b) => a.start - b.start || a.values.length - b.values.length)
  let covered = 0
  for (const { name, start, values } of tensors) {
    if (start !== covered) return fail(`'${name}' to start at ${covered}`, String(start))
    covered += values.byteLength
  }
  if (covered !== dataLength) return fail(`${covered} bytes of data`, `${dataLength}`)

  const { [checksumKey]: checksum, ...rest } = metadata
  // A damaged key must not pass for a foreign file.
  if (checksum === undefined && metadata.format?.startsWith(ownFormat))
    return fail('a checksum, as in every file of ours', 'none')
  if (checksum !== undefined) {
    const at = checksumOffset(file, dataStart)
    const start = file.slice(0, dataStart)
    if (at !== -1) seal(start, at, unsealed)
    const actual = sha256([start, file.subarray(dataStart)])
    if (actual !== checksum) return fail(`sha256 ${checksum}`, `${actual}`)
  }
  return E.right({
    tensors: tensors.map(({ name, shape, values }) => ({ name, shape, values })),
    metadata: rest,
  })
}

/** The format with somebody's SHA-256. */
export const makeSafetensorsFormat = (sha256: Sha256): SafetensorsFormat => ({
  pieces: (tensors, metadata) => piecesOf(sha256, tensors, metadata),
  encode: (tensors, metadata) => joinPieces(piecesOf(sha256, tensors, metadata)),
  decode: (path, bytes) => decode(sha256, path, bytes),
})
