/**
 * Randomness as a function of (seed, purpose, indices): the same stream on every JavaScript engine, and independent streams for
 * independent purposes, so that drawing more of one never changes another.
 *
 * Nothing here is global, and nothing reads the clock.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { portableLog } from '../arithmetic/portable-log.ts'
import { hashKey } from './hash.ts'

/** A stream of random numbers. It owns its position in the stream: every call moves it on. */
export interface Random {
  /** Uniform integer in `[0, 2^32)`. One draw of the generator. */
  readonly nextUint32: () => number
  /** Uniform multiple of 2^-53 in `[0, 1)`. Two draws. */
  readonly nextUniform: () => number
  /**
   * Uniform integer in `[0, bound)`, without bias: draws that do not fill a whole multiple of the bound are thrown away.
   *
   * @param bound integer in `[1, 2^32]`.
   * @throws RangeError when the bound is none.
   */
  readonly nextInt: (bound: number) => number
  /** Standard normal number. Marsaglia's polar method with a logarithm of our own, so the same bits everywhere. */
  readonly nextNormal: () => number
}

/**
 * Start the stream that belongs to (seed, purpose, indices).
 *
 * The generator is xoroshiro128+ (period 2^128 - 1); its 128-bit state is a hash of all the parts. The purpose names what the numbers are
 * for, the indices where: `makeRandom(seed, 'batchOrder', epoch)`. A stream for its own purpose needs no agreement with any other.
 *
 * @param seed any safe integer.
 * @param purpose a name; two purposes give two unrelated streams.
 * @param indices safe integers, for example epoch and index of an image.
 * @returns the stream, at its start. Owned by the caller.
 * @throws RangeError when the seed or an index is not a safe integer.
 * @see https://prng.di.unimi.it/xoroshiro128plus.c
 */
export const makeRandom = (seed: number, purpose: string, ...indices: number[]): Random => {
  const word = (lane: number): number => hashKey(seed, purpose, indices, lane)
  const state: [number, number, number, number] = [word(0), word(1), word(2), word(3)]
  // The all-zero state is the generator's one fixed point.
  if (state.every((each) => each === 0)) state[0] = 1
  const generator = xoroshiro128plusFromState(state)
  let spareNormal = Number.NaN

  const nextUint32 = (): number => generator.next() >>> 0
  const nextUniform = (): number => {
    // The lowest bits of xoroshiro128+ are its weakest; both shifts drop them.
    const high = generator.next() >>> 6
    const low = generator.next() >>> 5
    return (high * 0x800_0000 + low) / 0x20_0000_0000_0000
  }
  const nextInt = (bound: number): number => {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 0x1_0000_0000))
      throw new RangeError(`bound: must be an integer in [1, 2^32], got ${bound}`)
    // Dividing keeps the strong high bits of a draw, where a remainder would keep the weak low ones.
    const share = Math.floor(0x1_0000_0000 / bound)
    for (;;) {
      const value = Math.floor((generator.next() >>> 0) / share)
      if (value < bound) return value
    }
  }
  const nextNormal = (): number => {
    if (!Number.isNaN(spareNormal)) {
      const spare = spareNormal
      spareNormal = Number.NaN
      return spare
    }
    for (;;) {
      const u = 2 * nextUniform() - 1
      const v = 2 * nextUniform() - 1
      const square = u * u + v * v
      if (square < 1 && square > 0) {
        const scale = Math.sqrt((-2 * portableLog(square)) / square)
        spareNormal = v * scale
        return u * scale
      }
    }
  }
  return { nextUint32, nextUniform, nextInt, nextNormal }
}

/**
 * Shuffle an array in place, every order equally likely (Fisher and Yates, from the end).
 *
 * @param array written; owned by the caller. At most 2^32 elements.
 * @param random moved on by `array.length - 1` integers.
 */
export const shuffleInPlace = (array: Uint32Array | Float32Array, random: Random): void => {
  for (let i = array.length - 1; i > 0; i--) {
    const j = random.nextInt(i + 1)
    const held = array[i]
    array[i] = array[j]
    array[j] = held
  }
}
