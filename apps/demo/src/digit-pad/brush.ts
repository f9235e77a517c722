/** A soft round brush on a square grey raster. */

/** What a stroke changed: columns `left..right` and rows `top..bottom`, ends included. */
export interface Touched {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Draw a straight stroke: every pixel becomes at least as white as the brush leaves it, so crossing strokes do not add up.
 *
 * White up to `radius - softness` from the stroke's middle, black from `radius` on, a straight ramp between.
 *
 * @param grey `side * side` values in 0..1; written.
 * @param from start and @param to end `[x, y]` in pixels: the middle of pixel (0, 0) is (0.5, 0.5).
 */
export const strokeInto = (
  grey: Float32Array,
  side: number,
  from: readonly [number, number],
  to: readonly [number, number],
  radius: number,
  softness: number,
): Touched => {
  const [[x0, y0], [x1, y1]] = [from, to]
  const clamp = (pixel: number): number => Math.max(0, Math.min(side - 1, Math.floor(pixel)))
  const left = clamp(Math.min(x0, x1) - radius)
  const right = clamp(Math.max(x0, x1) + radius)
  const top = clamp(Math.min(y0, y1) - radius)
  const bottom = clamp(Math.max(y0, y1) + radius)
  const [dx, dy] = [x1 - x0, y1 - y0]
  const squared = dx * dx + dy * dy
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const [px, py] = [column + 0.5 - x0, row + 0.5 - y0]
      const along = squared === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared))
      const distance = Math.hypot(px - along * dx, py - along * dy)
      const value = Math.min(1, (radius - distance) / softness)
      const i = row * side + column
      if (value > grey[i]) grey[i] = value
    }
  return { left, right, top, bottom }
}
