/**
 * A round pen on a small gray canvas: anti-aliased line pieces of changing width, and smooth curves made of them.
 *
 * Only + - * / and sqrt, so a drawing has the same bits on every JavaScript engine.
 */

/** Ink per pixel, 0..1, row-major. */
export interface Canvas {
  readonly height: number
  readonly width: number
  readonly ink: Float64Array
}

/**
 * Draw a straight piece; a pixel keeps the darkest ink that touched it.
 *
 * A pixel at distance `d` of the piece gets `clamp((radius - d) / softness + 1/2, 0, 1)`.
 *
 * @param x0 start, in pixels; pixel `i` has its centre at `i`. `r0`, `r1`: the pen's radius at both ends.
 * @param softness width of the edge, in pixels.
 */
const drawPiece = (
  canvas: Canvas,
  x0: number,
  y0: number,
  r0: number,
  x1: number,
  y1: number,
  r1: number,
  softness: number,
): void => {
  const { ink, width, height } = canvas
  const reach = Math.max(r0, r1) + softness / 2
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach))
  const right = Math.min(width - 1, Math.floor(Math.max(x0, x1) + reach))
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach))
  const bottom = Math.min(height - 1, Math.floor(Math.max(y0, y1) + reach))
  const dx = x1 - x0
  const dy = y1 - y0
  const lengthSquared = dx * dx + dy * dy
  const scale = lengthSquared > 0 ? 1 / lengthSquared : 0
  const edge = 1 / softness
  const reachSquared = reach * reach
  for (let y = top; y <= bottom; y++) {
    const py = y - y0
    for (let x = left; x <= right; x++) {
      const px = x - x0
      let along = (px * dx + py * dy) * scale
      if (along < 0) along = 0
      else if (along > 1) along = 1
      const ex = px - along * dx
      const ey = py - along * dy
      const distanceSquared = ex * ex + ey * ey
      if (distanceSquared >= reachSquared) continue
      const radius = r0 + along * (r1 - r0)
      const value = (radius - Math.sqrt(distanceSquared)) * edge + 0.5
      const at = y * width + x
      if (value > ink[at]) ink[at] = value < 1 ? value : 1
    }
  }
}

/**
 * Draw a smooth curve through points: cubic Hermite pieces with Catmull-Rom tangents, broken at corners.
 *
 * @param points `[x, y, radius]` triples in pixels, at least two of them.
 * @param isCorner one flag a point: the curve may turn sharply there.
 */
export const drawCurve = (
  canvas: Canvas,
  points: Float64Array,
  count: number,
  isCorner: readonly boolean[],
  softness: number,
): void => {
  for (let i = 0; i + 1 < count; i++) {
    const a = 3 * i
    const b = a + 3
    const before = i === 0 || isCorner[i] ? a : a - 3
    const after = i + 2 === count || isCorner[i + 1] ? b : b + 3
    const tx0 = (points[b] - points[before]) * (before === a ? 1 : 0.5)
    const ty0 = (points[b + 1] - points[before + 1]) * (before === a ? 1 : 0.5)
    const tx1 = (points[after] - points[a]) * (after === b ? 1 : 0.5)
    const ty1 = (points[after + 1] - points[a + 1]) * (after === b ? 1 : 0.5)
    const dx = points[b] - points[a]
    const dy = points[b + 1] - points[a + 1]
    // Pieces of about two pixels look round at this size.
    const pieces = 1 + Math.floor(Math.sqrt(dx * dx + dy * dy) / 2)
    let x = points[a]
    let y = points[a + 1]
    let r = points[a + 2]
    for (let k = 1; k <= pieces; k++) {
      const t = k / pieces
      const t2 = t * t
      const t3 = t2 * t
      const h00 = 2 * t3 - 3 * t2 + 1
      const h10 = t3 - 2 * t2 + t
      const h01 = 3 * t2 - 2 * t3
      const h11 = t3 - t2
      const nx = h00 * points[a] + h10 * tx0 + h01 * points[b] + h11 * tx1
      const ny = h00 * points[a + 1] + h10 * ty0 + h01 * points[b + 1] + h11 * ty1
      const nr = points[a + 2] + t * (points[b + 2] - points[a + 2])
      drawPiece(canvas, x, y, r, nx, ny, nr, softness)
      x = nx
      y = ny
      r = nr
    }
  }
}
