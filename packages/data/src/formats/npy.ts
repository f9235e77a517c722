/**
 * NumPy's .npy format: a magic, a header that is a Python dictionary, then the numbers. Parsing only, no files.
 *
 * Strict: a header that does not say exactly what NumPy writes, or a length that is not exactly what it announces, is refused. `npyjs` is
 * not used, since it checks neither the length nor the order nor the byte order.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { refuseDataset } from '../make-dataset.ts'
import { type NumberArray, type NumberType, numbersIn } from './number-array.ts'

const magic = '\x93NUMPY'
/** NumPy's own headers have some 100 bytes; it reads at most 10,000. */
const mostHeaderBytes = 10_000
const mostAxes = 8

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** Foreign text for an error: escaped and short. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)

const typeOf = (file: string, descr: string): NumberType => {
  const match = /^([<>|])([uif])([1248])$/.exec(descr)
  const [, order, kind, digit] = match ?? []
  const sizeBytes = digit === '1' ? 1 : digit === '2' ? 2 : digit === '4' ? 4 : 8
  const known = (kind === 'u' || kind === 'i' || kind === 'f') && (sizeBytes === 1) === (order === '|')
  if (!known || (kind === 'f' && sizeBytes < 4))
    return refuseDataset(
      file,
      'the type of its numbers (descr)',
      quoted(descr),
      "must be integers or floats of 32 or 64 bits, such as '|u1', '<f4' or '<i8'",
    )
  return { kind, sizeBytes, littleEndian: order !== '>' }
}

const entry = /\s*'(descr|fortran_order|shape)'\s*:\s*(?:'([^']*)'|(True|False)|\(([\d\s,]*)\))\s*(,|(?=\}))/y

interface Header {
  readonly type: NumberType
  readonly shape: readonly number[]
}

const parseHeader = (file: string, text: string): Header => {
  const refuse = (rule: string): never => refuseDataset(file, 'the header', quoted(text.trimEnd()), rule)
  const dictionary = /^\{([^\n]*)\} *\n$/.exec(text)
  if (dictionary === null)
    return refuse(
      "must be a dictionary {'descr': ..., 'fortran_order': ..., 'shape': ...} in one line, with spaces and a line break behind it",
    )
  const found = new Map<string, string>()
  const body = `${dictionary[1].trimEnd()}}`
  entry.lastIndex = 0
  while (body.slice(entry.lastIndex).trim() !== '}') {
    const match = entry.exec(body)
    if (match === null || found.has(match[1]))
      return refuse("must hold 'descr' (one type), 'fortran_order' and 'shape', once each and nothing else")
    found.set(match[1], match[2] ?? match[3] ?? match[4])
    if (entry.lastIndex >= body.length) break
  }
  const descr = found.get('descr')
  const order = found.get('fortran_order')
  const axes = found.get('shape')
  if (descr === undefined || order === undefined || axes === undefined)
    return refuse("must hold 'descr', 'fortran_order' and 'shape'")
  if (order !== 'False')
    return refuseDataset(
      file,
      'fortran_order',
      order,
      'must be False; save it in C order, np.ascontiguousarray(x)',
    )
  const parts = axes.split(',').map((axis) => axis.trim())
  if (parts.at(-1) === '') parts.pop()
  const shape = parts.map((axis) => (/^\d{1,15}$/.test(axis) ? Number(axis) : Number.NaN))
  if (shape.length < 1 || shape.length > mostAxes || shape.some(Number.isNaN))
    return refuseDataset(file, 'the shape', quoted(`(${axes})`), `must have 1 to ${mostAxes} axes`)
  return { type: typeOf(file, descr), shape }
}

/**
 * Parse a .npy file, versions 1 to 3.
 *
 * @param file its name, for errors.
 * @param bytes the whole file; the result views them.
 * @throws DataProblem with `InvalidDataset`.
 */
export const parseNpy = (file: string, bytes: Uint8Array): NumberArray => {
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== magic)
    return refuseDataset(
      file,
      'its beginning',
      quoted(latin1(bytes.subarray(0, 6))),
      `must be ${quoted(magic)}, as np.save writes`,
    )
  const version = bytes[6]
  if (version < 1 || version > 3 || bytes[7] !== 0)
    return refuseDataset(file, 'the version', `${version}.${bytes[7]}`, 'must be 1.0, 2.0 or 3.0')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerAt = version === 1 ? 10 : 12
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const start = headerAt + headerBytes
  if (headerBytes > mostHeaderBytes || start > bytes.length)
    return refuseDataset(
      file,
      'the length of the header',
      String(headerBytes),
      `must be at most ${Math.min(mostHeaderBytes, bytes.length - headerAt)}`,
    )
  const { type, shape } = parseHeader(file, latin1(bytes.subarray(headerAt, start)))
  const expected = numbersIn(shape) * type.sizeBytes
  if (bytes.length - start !== expected)
    return refuseDataset(
      file,
      'the length of its numbers',
      `${bytes.length - start} bytes`,
      `must be ${expected} bytes, ${type.sizeBytes} for each of [${shape.join(', ')}]`,
    )
  return { file, type, shape, bytes: bytes.subarray(start) }
}
