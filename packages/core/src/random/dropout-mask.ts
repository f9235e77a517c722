/**
 * Dropout masks as a function of (seed, layer, step): whoever computes one gets the same, at any batch size, in any order.
 *
 * Not a stream: element i needs no other element, so engines may fill masks in parallel, in part, or on another device.
 */
import { hashKey } from './hash.ts'

/**
 * Fill a mask for inverted dropout: element i is 0 with probability `rate`, else 1 / (1 - rate) in float32.
 *
 * With k0 and k1 the first two words of `hashKey(seed, 'dropout/' + layer, [step])`, all operations on 32-bit words, `^` exclusive or,
 * `>>>` logical shift:
 *
 *     x = i + k0                        x = (x ^ (x >>> 16)) * 0x7feb352d
 *     x = (x ^ (x >>> 15)) + k1         x = x * 0x846ca68b
 *     out[i] = (x >>> 1) < round(rate * 2^31) ? 0 : fround(1 / (1 - rate))
 *
 * It is `lowbias32` with a second key word in its middle, so that no mask is a shifted piece of another one, and without its last shift,
 * which reaches no bit that decides. A mask of a smaller batch is
 * the beginning of the mask of a larger one.
 *
 * @param out written whole; owned by the caller. At most 2^32 elements.
 * @param rate fraction of elements set to zero, in `[0, 1)`; exact to 2^-32.
 * @param seed of the run, any safe integer.
 * @param layer name of the dropout layer, unique in its model.
 * @param step counted from 1 over the whole run.
 * Cost: linear in the elements.
 * @throws RangeError when the rate is outside `[0, 1)` or seed or step are not safe integers.
 */
export const fillDropoutMask = (
  out: Float32Array,
  rate: number,
  seed: number,
  layer: string,
  step: number,
): void => {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`rate: must be in [0, 1), got ${rate}`)
  const purpose = `dropout/${layer}`
  const key0 = hashKey(seed, purpose, [step], 0)
  const key1 = hashKey(seed, purpose, [step], 1)
  // 2^31 itself would not fit; then all but one element in 2^31 are dropped.
  const highestDropped = Math.min(Math.round(rate * 0x8000_0000), 0x7fff_ffff) - 1
  const kept = new Float32Array([1 / (1 - rate)])
  const keptBits = new Int32Array(kept.buffer)[0]
  // Selecting by bit mask: a branch that random bits decide is mispredicted, at several times the cost of the hash.
  const bits = new Int32Array(out.buffer, out.byteOffset, out.length)
  const length = bits.length
  for (let i = 0; i < length; i++) {
    let x = (i + key0) | 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = ((x ^ (x >>> 15)) + key1) | 0
    x = Math.imul(x, 0x846ca68b)
    bits[i] = keptBits & ((highestDropped - (x >>> 1)) >> 31)
  }
}
