/**
 * Arrangements: in which order a vector holds values that are known but for their order.
 *
 * Of `n` values with multiplicities `c_v` there are `n! / prod_v c_v!` arrangements, and one is written in the logarithm of that many bits: place by place,
 * which of the values that are left stands there, where each has as many chances as it is still left. Where all values differ these are Lehmer's digits.
 * @see D. H. Lehmer, Teaching combinatorial tricks to a computer (1960)
 */
import type { RangeDecoder, RangeEncoder } from './range-coder.ts'

/** How many of each value are left, by the value's number in ascending order: a binary indexed tree. */
export interface CountsLeft {
  /** Sums of counts; element `i`, from 1 on, of the `i & -i` values up to it. Written by encoding and decoding. */
  readonly sums: Int32Array
  readonly counts: Int32Array
  readonly values: number
  /** The largest power of two up to `values`. */
  readonly half: number
}

/** The values' numbers by rank: equal values of a sorted vector have one number. `numbers` receives them; returns how many values there are. */
export const numberValues = (sorted: Float32Array, numbers: Int32Array): number => {
  let number = 0
  for (let r = 0; r < sorted.length; r++) {
    if (r > 0 && sorted[r] !== sorted[r - 1]) number++
    numbers[r] = number
  }
  return sorted.length === 0 ? 0 : number + 1
}

/** All values of a vector are left. */
export const countValues = (numbers: Int32Array, values: number): CountsLeft => {
  const counts = new Int32Array(values)
  for (const number of numbers) counts[number]++
  const sums = new Int32Array(values + 1)
  for (let i = 1; i <= values; i++) {
    sums[i] += counts[i - 1]
    const parent = i + (i & -i)
    if (parent <= values) sums[parent] += sums[i]
  }
  return { sums, counts, values, half: values === 0 ? 0 : 2 ** Math.floor(Math.log2(values)) }
}

const takeOne = ({ sums, counts, values }: CountsLeft, number: number): void => {
  counts[number]--
  for (let i = number + 1; i <= values; i += i & -i) sums[i]--
}

/**
 * Encode which value stands at each place.
 *
 * @param left all of the vector's values; used up.
 * @param arrangement the number of the value at each place.
 */
export const encodeArrangement = (encoder: RangeEncoder, left: CountsLeft, arrangement: Int32Array): void => {
  // One value alone needs no bits.
  if (left.values < 2) return
  const { sums, counts } = left
  for (let place = 0; place < arrangement.length; place++) {
    const number = arrangement[place]
    let below = 0
    for (let i = number; i > 0; i -= i & -i) below += sums[i]
    encoder.encode(below, counts[number], arrangement.length - place)
    takeOne(left, number)
  }
}

/**
 * Decode which value stands at each place.
 *
 * @param left all of the vector's values; used up.
 * @param arrangement receives the numbers. They are an arrangement of the values whatever the decoder's bytes are.
 */
export const decodeArrangement = (decoder: RangeDecoder, left: CountsLeft, arrangement: Int32Array): void => {
  if (left.values < 2) {
    arrangement.fill(0)
    return
  }
  const { sums, counts, values, half } = left
  for (let place = 0; place < arrangement.length; place++) {
    const total = arrangement.length - place
    const chance = decoder.locate(total)
    let number = 0
    let below = 0
    for (let step = half; step > 0; step >>= 1)
      if (number + step <= values && below + sums[number + step] <= chance) {
        number += step
        below += sums[number]
      }
    decoder.take(below, counts[number], total)
    arrangement[place] = number
    takeOne(left, number)
  }
}
