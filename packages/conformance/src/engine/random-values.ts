/** Reproducible values for tests. */

/** Uniform in [-1, 1), by a small multiplicative generator: good enough to fill tensors, and the same everywhere. */
export const randomValues = (size: number, seed: number): Float32Array => {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 31 - 1
  })
}
