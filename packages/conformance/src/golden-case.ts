/**
 * Golden cases: results of the authors' own code, which no program of ours has touched.
 */

import { type WeightVectors, weightVectorsSize } from '@laperm/core'
import { isRecord } from '@laperm/core/settings'
import { either as E } from 'fp-ts'

/** What one variable's weights become, computed elsewhere. */
export interface GoldenCase {
  readonly name: string
  readonly theta0: WeightVectors
  /** The weights to rank. */
  readonly thetaT: WeightVectors
  /** theta_0 sorted. */
  readonly sorted: WeightVectors
  /** Ranks of theta_T, as float32 numbers. */
  readonly ranks: WeightVectors
  readonly synchronized: WeightVectors
}

/** A file that holds no golden cases. */
export interface InvalidGoldenFile {
  readonly _tag: 'InvalidGoldenFile'
  /** Where in the file: `cases[3].theta0`. */
  readonly where: string
  readonly expected: string
}

const invalid = (where: string, expected: string): InvalidGoldenFile => ({
  _tag: 'InvalidGoldenFile',
  where,
  expected,
})

// In Node and in browsers; the language's own library does not declare it.
declare const atob: (base64: string) => string

/** A field of a case as `size` 32-bit words; throws what `parseGoldenCases` gives back as Left. */
const words = (
  record: Readonly<Record<string, unknown>>,
  field: string,
  size: number,
  where: string,
): ArrayBuffer => {
  const text = record[field]
  if (typeof text !== 'string') throw invalid(`${where}.${field}`, 'a base64 string')
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw invalid(`${where}.${field}`, 'a base64 string')
  }
  if (binary.length !== 4 * size) throw invalid(`${where}.${field}`, `${size} values of 4 bytes`)
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer
}

const parseCase = (record: unknown, where: string): GoldenCase => {
  if (!isRecord(record)) throw invalid(where, 'an object')
  const { name, shape } = record
  if (typeof name !== 'string') throw invalid(`${where}.name`, 'a string')
  if (
    !Array.isArray(shape) ||
    shape.length === 0 ||
    !shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)
  )
    throw invalid(`${where}.shape`, 'an array of non-negative integers')
  const { length, count } = weightVectorsSize(shape)
  const size = length * count
  const matrix = (values: Float32Array): WeightVectors => ({ values, length, count })
  const floats = (field: string) => new Float32Array(words(record, field, size, where))
  // The file has one row a weight vector; ours are columns.
  const asColumns = (rows: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: size }, (_, p) => rows[(p % count) * length + Math.floor(p / count)])
  return {
    name,
    theta0: matrix(floats('theta0')),
    thetaT: matrix(floats('thetaT')),
    sorted: matrix(asColumns(floats('sorted'))),
    ranks: matrix(asColumns(new Uint32Array(words(record, 'rank', size, where)))),
    synchronized: matrix(floats('synchronized')),
  }
}

const isInvalidGoldenFile = (error: unknown): error is InvalidGoldenFile =>
  isRecord(error) && error['_tag'] === 'InvalidGoldenFile'

/**
 * Read golden cases from parsed JSON: `{ cases: [{ name, shape, theta0, thetaT, sorted, rank, synchronized }] }`, arrays as base64 of
 * little-endian float32 (`rank`: uint32). `sorted` and `rank` have one row a weight vector, the others the variable's own layout.
 *
 * @returns the cases, or where the file is not what it should be.
 * @example
 * ```ts
 * const cases = parseGoldenCases(JSON.parse(readFileSync('official-sync.json', 'utf8')))
 * ```
 */
export const parseGoldenCases = (file: unknown): E.Either<InvalidGoldenFile, readonly GoldenCase[]> => {
  if (!isRecord(file) || !Array.isArray(file['cases'])) return E.left(invalid('cases', 'an array'))
  try {
    return E.right(file['cases'].map((record: unknown, k) => parseCase(record, `cases[${k}]`)))
  } catch (error) {
    if (isInvalidGoldenFile(error)) return E.left(error)
    throw error
  }
}
