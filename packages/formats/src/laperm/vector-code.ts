/** The weight vectors of one parameter as arrangements of its sorted initial weights, one behind the other in one stream. */
import { weightVectorsSize } from '@laperm/core'
import { rankInto } from '@laperm/core/kernel'
import { countValues, decodeArrangement, encodeArrangement, numberValues } from './arrangement.ts'
import { makeRangeDecoder, makeRangeEncoder } from './range-coder.ts'

/** Where weights are no arrangement of the initial ones. */
export interface Stranger {
  readonly vector: number
  readonly index: number
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length)

/** Column `vector` of a row-major matrix. */
const copyColumn = (matrix: Float32Array, count: number, vector: number, column: Float32Array): void => {
  for (let i = 0, at = vector; i < column.length; i++, at += count) column[i] = matrix[at]
}

/** The first weight, in the order of vectors, that is not the sorted weight of its rank, bit for bit. */
const findStranger = (
  sorted: Float32Array,
  values: Float32Array,
  ranks: Uint32Array,
  count: number,
): Stranger | null => {
  const [expected, found] = [bitsOf(sorted), bitsOf(values)]
  const length = values.length / Math.max(count, 1)
  for (let vector = 0; vector < count; vector++)
    for (let index = 0, at = vector; index < length; index++, at += count)
      if (found[at] !== expected[ranks[at] * count + vector]) return { vector, index }
  return null
}

/**
 * Encode a parameter's weights.
 *
 * @param sorted its initial weights, sorted vector by vector.
 * @param values its weights, none of them NaN.
 * @param shape of both.
 * @returns the stream, or where a weight is none of the initial ones. Cost: one ranking, and for each weight a logarithm of the vector's length.
 */
export const encodeVectors = (
  sorted: Float32Array,
  values: Float32Array,
  shape: readonly number[],
): Uint8Array | Stranger => {
  const { length, count } = weightVectorsSize(shape)
  const ranks = new Uint32Array(values.length)
  rankInto({ values, length, count }, ranks)
  const stranger = findStranger(sorted, values, ranks, count)
  if (stranger !== null) return stranger
  const encoder = makeRangeEncoder()
  const column = new Float32Array(length)
  const numbers = new Int32Array(length)
  const arrangement = new Int32Array(length)
  for (let vector = 0; vector < count; vector++) {
    copyColumn(sorted, count, vector, column)
    const left = countValues(numbers, numberValues(column, numbers))
    for (let i = 0, at = vector; i < length; i++, at += count) arrangement[i] = numbers[ranks[at]]
    encodeArrangement(encoder, left, arrangement)
  }
  return encoder.finish()
}

/**
 * Decode a parameter's weights. Any bytes give some arrangement; a checksum says whether it is the right one.
 *
 * @param sorted its initial weights, sorted vector by vector.
 * @returns new values.
 */
export const decodeVectors = (
  stream: Uint8Array,
  sorted: Float32Array,
  shape: readonly number[],
): Float32Array => {
  const { length, count } = weightVectorsSize(shape)
  const decoder = makeRangeDecoder(stream)
  const values = new Float32Array(sorted.length)
  const column = new Float32Array(length)
  const numbers = new Int32Array(length)
  const arrangement = new Int32Array(length)
  const distinct = new Float32Array(length)
  for (let vector = 0; vector < count; vector++) {
    copyColumn(sorted, count, vector, column)
    const left = countValues(numbers, numberValues(column, numbers))
    column.forEach((weight, r) => {
      distinct[numbers[r]] = weight
    })
    decodeArrangement(decoder, left, arrangement)
    for (let i = 0, at = vector; i < length; i++, at += count) values[at] = distinct[arrangement[i]]
  }
  return values
}
