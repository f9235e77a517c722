/**
 * In which order an epoch visits the training examples.
 */
import { makeRandom, shuffleInPlace } from '@laperm/core'

/**
 * A drawn order of `0..count-1`, a pure function of (count, seed, epoch): every engine and every resumed run sees the same batches.
 *
 * Batch `b` of size `s` is `order[b * s .. (b + 1) * s)`.
 *
 * @returns a new permutation of `0..count-1`; owned by the caller.
 * @throws RangeError when count is no integer in `[0, 2^32)`, or seed or epoch no safe integer.
 */
export const epochOrder = (count: number, seed: number, epoch: number): Uint32Array => {
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** 32)
    throw new RangeError(`count is ${count}, but must be an integer in [0, 2^32)`)
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  shuffleInPlace(order, makeRandom(seed, 'epoch-order', epoch))
  return order
}
