/**
 * The header of NumPy's .npy format: a magic, then a Python dictionary of type, order and shape, before the numbers.
 *
 * Strict: what does not say exactly what NumPy writes is refused. `npyjs` is not used, since it checks neither the length nor the order nor the
 * byte order.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { either as E } from 'fp-ts'

const magic = '\x93NUMPY'
/** NumPy's own headers have some 100 bytes; it reads at most 10,000. */
export const mostNpyHeaderBytes = 10_000
const mostAxes = 32

/** What a header says. */
export interface NpyHeader {
  /** The type of a number: `<f4`. */
  readonly descr: string
  /** Whether the first axis runs fastest. */
  readonly isFortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the numbers begin, in bytes from the file's beginning. */
  readonly dataStart: number
}

/** What a header is not: a part of it, what stands there, and the rule. */
export interface NpyProblem {
  readonly field: string
  readonly value: string
  readonly rule: string
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** Foreign text for an error: escaped and short. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)

const entry = /\s*'(descr|fortran_order|shape)'\s*:\s*(?:'([^']*)'|(True|False)|\(([\d\s,]*)\))\s*(,|(?=\}))/y

const parseDictionary = (text: string): E.Either<NpyProblem, Omit<NpyHeader, 'dataStart'>> => {
  const refuse = (rule: string): E.Either<NpyProblem, never> =>
    E.left({ field: 'the header', value: quoted(text.trimEnd()), rule })
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
  if (descr === undefined || axes === undefined || (order !== 'True' && order !== 'False'))
    return refuse("must hold 'descr', 'fortran_order' and 'shape'")
  const parts = axes.split(',').map((axis) => axis.trim())
  if (parts.at(-1) === '') parts.pop()
  const shape = parts.map((axis) => (/^\d{1,15}$/.test(axis) ? Number(axis) : Number.NaN))
  return shape.length > mostAxes || shape.some(Number.isNaN)
    ? E.left({ field: 'the shape', value: quoted(`(${axes})`), rule: `must have at most ${mostAxes} axes` })
    : E.right({ descr, isFortranOrder: order === 'True', shape })
}

/** Read a header, versions 1 to 3. @param bytes the file, or its beginning of at least {@link mostNpyHeaderBytes} and 12. */
export const parseNpyHeader = (bytes: Uint8Array): E.Either<NpyProblem, NpyHeader> => {
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== magic)
    return E.left({
      field: 'its beginning',
      value: quoted(latin1(bytes.subarray(0, 6))),
      rule: `must be ${quoted(magic)}, as np.save writes`,
    })
  const version = bytes[6]
  if (version < 1 || version > 3 || bytes[7] !== 0)
    return E.left({
      field: 'the version',
      value: `${version}.${bytes[7]}`,
      rule: 'must be 1.0, 2.0 or 3.0',
    })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerAt = version === 1 ? 10 : 12
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const dataStart = headerAt + headerBytes
  if (headerBytes > mostNpyHeaderBytes || dataStart > bytes.length)
    return E.left({
      field: 'the length of the header',
      value: String(headerBytes),
      rule: `must be at most ${Math.min(mostNpyHeaderBytes, bytes.length - headerAt)}`,
    })
  return E.map((header: Omit<NpyHeader, 'dataStart'>) => ({ ...header, dataStart }))(
    parseDictionary(latin1(bytes.subarray(headerAt, dataStart))),
  )
}
