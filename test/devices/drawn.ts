/**
 * Weights that make sorting hard: ties, both zeros, subnormals, infinities, wide exponents. A function of the size alone.
 */
export const drawn = (size: number): Float32Array<ArrayBuffer> => {
  const special = [0, -0, 1e-40, -1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1]
  return Float32Array.from({ length: size }, (_, i) =>
    i % 3 === 0 ? special[(i * 7) % special.length] : Math.sin(i * 12.9898) * 2 ** ((i % 40) - 20),
  )
}

/** Whether two arrays hold the same bits. */
export const sameBits = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [a, b].map((values) => new Uint32Array(Float32Array.from(values).buffer))
  return x.length === y.length && x.every((bits, i) => bits === y[i])
}
