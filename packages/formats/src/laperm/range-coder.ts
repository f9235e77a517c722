/**
 * A range coder for uniform and counted symbols: bytes that are as long as the information in the symbols, to a fraction of a bit.
 *
 * The state is an interval of whole numbers below 2^48, which doubles hold exactly. Totals are below 2^31, so that a division loses less
 * than 2^-9 of the interval, and of vectors of 16384 weights less than 2^-26.
 * @see G. N. N. Martin, Range encoding: an algorithm for removing redundancy from a digitised message (1979)
 */

const top = 2 ** 48
const bottom = 2 ** 40

/** The largest total of a symbol's counts. */
export const largestTotal = 2 ** 31 - 1

/** Takes symbols, gives bytes. */
export interface RangeEncoder {
  /** Encode a symbol that has `count` of `total` chances, with `below` of them before it. Integers: 0 < count, below + count <= total < 2^31. */
  readonly encode: (below: number, count: number, total: number) => void
  /** All bytes; no symbol may follow. */
  readonly finish: () => Uint8Array
}

/** Start encoding. Memory: the bytes so far, doubled as they grow. */
export const makeRangeEncoder = (): RangeEncoder => {
  let bytes = new Uint8Array(1 << 12)
  let length = 0
  let low = 0
  let range = top

  const put = (byte: number): void => {
    if (length === bytes.length) {
      const grown = new Uint8Array(2 * length)
      grown.set(bytes)
      bytes = grown
    }
    bytes[length++] = byte
  }

  /** Add one to the bytes that are out: the interval's lower end has reached 2^48. */
  const carry = (): void => {
    low -= top
    let at = length - 1
    while (bytes[at] === 255) bytes[at--] = 0
    bytes[at]++
  }

  return {
    encode: (below, count, total) => {
      const share = Math.floor(range / total)
      low += share * below
      // What the division left over belongs to the last symbol.
      range = below + count === total ? range - share * below : share * count
      if (low >= top) carry()
      while (range < bottom) {
        const byte = Math.floor(low / bottom)
        put(byte)
        low = (low - byte * bottom) * 256
        range *= 256
      }
    },
    finish: () => {
      // The interval holds a multiple of 2^40, of which one byte is enough: behind the end zeros are read.
      const byte = Math.ceil(low / bottom)
      if (byte === 256) {
        low = top
        carry()
      }
      if (byte % 256 !== 0) put(byte)
      while (length > 0 && bytes[length - 1] === 0) length--
      return bytes.subarray(0, length)
    },
  }
}

/** Takes bytes, gives symbols. */
export interface RangeDecoder {
  /** Where among `total` chances the next symbol lies: an integer in [0, total). {@link RangeDecoder.take} must follow. */
  readonly locate: (total: number) => number
  /** Take the symbol that was located, with the numbers that it was encoded with. */
  readonly take: (below: number, count: number, total: number) => void
}

/** Start decoding. Bytes that no encoder wrote give symbols as well, though none that mean anything. */
export const makeRangeDecoder = (bytes: Uint8Array): RangeDecoder => {
  let at = 0
  let range = top
  /** Distance of the encoded number from the interval's lower end. */
  let offset = 0
  const next = (): number => (at < bytes.length ? bytes[at++] : 0)
  for (let i = 0; i < 6; i++) offset = offset * 256 + next()

  return {
    locate: (total) => Math.min(Math.floor(offset / Math.floor(range / total)), total - 1),
    take: (below, count, total) => {
      const share = Math.floor(range / total)
      offset -= share * below
      range = below + count === total ? range - share * below : share * count
      while (range < bottom) {
        offset = offset * 256 + next()
        range *= 256
      }
    },
  }
}
