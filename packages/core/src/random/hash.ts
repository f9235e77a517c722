/**
 * Hashing of (seed, purpose, indices) into 32-bit words: how every random stream and every dropout mask gets its key.
 *
 * Not cryptographic. Only 32-bit integer operations, so the same bits everywhere.
 */

// 2^32 divided by the golden ratio, rounded to odd: consecutive multiples of it are spread evenly over the words.
const golden = 0x9e3779b9

/**
 * Mix a word so that every input bit flips every output bit with probability close to one half. A bijection of 32-bit words.
 *
 * @param word 32-bit integer, any sign.
 * @returns int32.
 * @see https://github.com/skeeto/hash-prospector (`lowbias32`, public domain): the two multipliers and the three shifts.
 */
export const mix32 = (word: number): number => {
  let x = word
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}

const absorb = (hash: number, word: number): number => mix32(((hash ^ word) + golden) | 0)

/** A safe integer as its low and high 32-bit words, in two's complement. */
const absorbInteger = (hash: number, integer: number): number =>
  absorb(absorb(hash, integer | 0), Math.floor(integer / 0x1_0000_0000) | 0)

const requireSafeInteger = (name: string, value: number): void => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}: must be a safe integer, got ${value}`)
}

/**
 * One word of the key that belongs to (seed, purpose, indices); `lane` 0, 1, 2, ... gives as many independent words as are wanted.
 *
 * Every part is framed by its length, so ('ab', []) and ('a', [98]) differ, and so do (1) and (1, 0).
 *
 * @param seed any safe integer, negative ones too.
 * @param purpose what the randomness is for, for example `initialize/conv1/kernel`.
 * @param indices safe integers, for example a step or an epoch.
 * @returns int32.
 * @throws RangeError when the seed or an index is not a safe integer.
 */
export const hashKey = (seed: number, purpose: string, indices: readonly number[], lane: number): number => {
  requireSafeInteger('seed', seed)
  let hash = absorbInteger(mix32(Math.imul(lane + 1, golden)), seed)
  hash = absorb(hash, purpose.length)
  for (let i = 0; i < purpose.length; i++) hash = absorb(hash, purpose.charCodeAt(i))
  hash = absorb(hash, indices.length)
  for (const index of indices) {
    requireSafeInteger('index', index)
    hash = absorbInteger(hash, index)
  }
  return hash
}
