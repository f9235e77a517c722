/**
 * The weights of a synchronization as a frame of the movie: of each weight only which of its vector's initial values it has.
 *
 * F1 of one value and zeros takes a bit a weight, a vector of 784 different values ten bits. What is not permuted is kept as it is.
 */
import { type Parameter, type ParameterRole, type Params, rank, sort, weightVectorsSize } from '@laperm/core'
import { either as E } from 'fp-ts'
import { bitsFor, packedNumberAt, packNumbers } from './packed-numbers.ts'

/** A parameter each, in the network's order: packed values' numbers, or the values of one that is trained freely. */
export type CodedFrame = readonly (Uint32Array<ArrayBuffer> | Float32Array)[]

/** In bytes. */
export const frameSize = (frame: CodedFrame): number =>
  frame.reduce((sum, { byteLength }) => sum + byteLength, 0)

export interface FrameCoder {
  /** @param params an arrangement of theta_0. */
  readonly encode: (params: Params) => CodedFrame
  /** The same weights, bit for bit. */
  readonly decode: (frame: CodedFrame) => Params
}

interface ParameterCoder {
  readonly encode: (values: Float32Array) => CodedFrame[number]
  readonly decode: (coded: CodedFrame[number]) => Float32Array
}

const vectorsOf = ({ values, shape }: Pick<Parameter, 'values' | 'shape'>) => ({
  values,
  ...weightVectorsSize(shape),
})

/** Numbers the different values of each vector, ascending. */
const permutedCoder = (parameter: Parameter): ParameterCoder => {
  const { length, count } = weightVectorsSize(parameter.shape)
  const ascending = sort(vectorsOf(parameter))
  if (E.isLeft(ascending)) throw new TypeError(`${parameter.name} holds a weight that is not a number`)
  const sorted = ascending.right.values
  const numbers = new Uint32Array(sorted.length)
  const values = new Float32Array(sorted.length)
  let most = 0
  for (let vector = 0; vector < count; vector++) {
    let number = 0
    for (let place = 0; place < length; place++) {
      const at = place * count + vector
      if (place > 0 && sorted[at] !== sorted[at - count]) number++
      numbers[at] = number
      values[number * count + vector] = sorted[at]
    }
    most = Math.max(most, number)
  }
  const bits = bitsFor(most)
  return {
    encode: (trained) => {
      const ranking = rank(vectorsOf({ values: trained, shape: parameter.shape }))
      if (E.isLeft(ranking)) throw new TypeError(`${parameter.name} holds a weight that is not a number`)
      const { ranks } = ranking.right
      return packNumbers(ranks.length, bits, (at) => numbers[ranks[at] * count + (at % count)])
    },
    decode: (coded) => {
      const numberAt = packedNumberAt(coded as Uint32Array, bits)
      return Float32Array.from(
        { length: length * count },
        (_, at) => values[numberAt(at) * count + (at % count)],
      )
    },
  }
}

const freeCoder: ParameterCoder = {
  encode: (values) => values.slice(),
  decode: (coded) => Float32Array.from(coded),
}

/**
 * @param initial theta_0.
 * @param roles whose weights are permuted.
 */
export const makeFrameCoder = (initial: Params, roles: readonly ParameterRole[]): FrameCoder => {
  const coders = initial.map((parameter) =>
    roles.includes(parameter.role) ? permutedCoder(parameter) : freeCoder,
  )
  return {
    encode: (params) => params.map(({ values }, i) => coders[i].encode(values)),
    decode: (frame) => initial.map((parameter, i) => ({ ...parameter, values: coders[i].decode(frame[i]) })),
  }
}
