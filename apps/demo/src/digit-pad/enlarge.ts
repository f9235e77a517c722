/** A grey image on a finer grid, smoothly. */

/**
 * Bilinear between the middles of the coarse pixels; at the edges the nearest.
 *
 * @param coarse `coarseSide * coarseSide` values. @param fine `fineSide * fineSide` values; written.
 */
export const enlarge = (
  coarse: Float32Array,
  coarseSide: number,
  fine: Float32Array,
  fineSide: number,
): void => {
  const scale = coarseSide / fineSide
  const within = (pixel: number): number => Math.max(0, Math.min(coarseSide - 1, pixel))
  for (let row = 0; row < fineSide; row++)
    for (let column = 0; column < fineSide; column++) {
      const [y, x] = [within((row + 0.5) * scale - 0.5), within((column + 0.5) * scale - 0.5)]
      const [top, left] = [Math.floor(y), Math.floor(x)]
      const [bottom, right] = [within(top + 1), within(left + 1)]
      const [down, across] = [y - top, x - left]
      const between = (line: number): number =>
        coarse[line * coarseSide + left] * (1 - across) + coarse[line * coarseSide + right] * across
      fine[row * fineSide + column] = between(top) * (1 - down) + between(bottom) * down
    }
}
