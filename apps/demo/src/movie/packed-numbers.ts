/** Small whole numbers, each in as few bits as the largest of them needs. */

/** Bits that a number up to `most` takes; 0 where there is only the number 0. */
export const bitsFor = (most: number): number => 32 - Math.clz32(most)

/**
 * @param bits of each number, 0 to 32.
 * @param numberAt the number at a place; below 2^bits.
 */
export const packNumbers = (
  count: number,
  bits: number,
  numberAt: (place: number) => number,
): Uint32Array<ArrayBuffer> => {
  const words = new Uint32Array(Math.ceil((count * bits) / 32))
  if (bits === 0) return words
  for (let place = 0; place < count; place++) {
    const number = numberAt(place)
    const first = place * bits
    const [word, offset] = [Math.floor(first / 32), first % 32]
    words[word] |= number << offset
    // What of it reaches into the next word.
    if (offset + bits > 32) words[word + 1] |= number >>> (32 - offset)
  }
  return words
}

/** @returns the number at each place, as {@link packNumbers} packed it. */
export const packedNumberAt = (words: Uint32Array, bits: number): ((place: number) => number) => {
  if (bits === 0) return () => 0
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1
  return (place) => {
    const first = place * bits
    const [word, offset] = [Math.floor(first / 32), first % 32]
    const low = words[word] >>> offset
    const high = offset + bits > 32 ? words[word + 1] << (32 - offset) : 0
    return ((low | high) & mask) >>> 0
  }
}
