/**
 * NumPy's .npy format: a magic, a header that is a Python dictionary, then the numbers. Parsing only, no files.
 *
 * Strict: a header that does not say exactly what NumPy writes, or a length that is not exactly what it announces, is refused. `npyjs` is
 * not used, since it checks neither the length nor the order nor the byte order.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { parseNpyHeader } from '@laperm/formats/npy'
import { either as E } from 'fp-ts'
import { refuseDataset } from '../make-dataset.ts'
import { type NumberArray, type NumberType, numbersIn } from './number-array.ts'

const mostAxes = 8

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

/**
 * Parse a .npy file, versions 1 to 3.
 *
 * @param file its name, for errors.
 * @param bytes the whole file; the result views them.
 * @throws DataProblem with `InvalidDataset`.
 */
export const parseNpy = (file: string, bytes: Uint8Array): NumberArray => {
  const header = parseNpyHeader(bytes)
  if (E.isLeft(header)) {
    const { field, value, rule } = header.left
    return refuseDataset(file, field, value, rule)
  }
  const { descr, isFortranOrder, shape, dataStart: start } = header.right
  if (isFortranOrder)
    return refuseDataset(
      file,
      'fortran_order',
      'True',
      'must be False; save it in C order, np.ascontiguousarray(x)',
    )
  if (shape.length < 1 || shape.length > mostAxes)
    return refuseDataset(
      file,
      'the shape',
      quoted(`(${shape.join(', ')})`),
      `must have 1 to ${mostAxes} axes`,
    )
  const type = typeOf(file, descr)
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
