/**
 * Move an image: bilinear, and beyond the border the nearest pixel, as scipy's `affine_transform(order=1, mode='nearest')` does for Keras.
 */
import type { AffineTransform } from './affine-transform.ts'

/** Read `image` at the transform's places and write `out`. No checks: a kernel. */
export const applyTransformAt = (
  image: Uint8Array | Float32Array,
  from: number,
  shape: readonly [number, number, number],
  transform: AffineTransform,
  out: Float32Array,
  to: number,
): void => {
  const [height, width, channels] = shape
  const { a, b, c, d, offsetY, offsetX, flip } = transform
  const bottom = height - 1
  const right = width - 1
  const rowValues = width * channels
  const step = flip ? -channels : channels
  for (let y = 0; y < height; y++) {
    let at = to + y * rowValues + (flip ? rowValues - channels : 0)
    const rowY = a * y + offsetY
    const rowX = c * y + offsetX
    for (let x = 0; x < width; x++) {
      let sy = rowY + b * x
      let sx = rowX + d * x
      sy = sy > 0 ? (sy < bottom ? sy : bottom) : 0
      sx = sx > 0 ? (sx < right ? sx : right) : 0
      // Truncation is the floor here: both are at least 0.
      const y0 = sy | 0
      const x0 = sx | 0
      const fy = sy - y0
      const fx = sx - x0
      const topLeft = from + y0 * rowValues + x0 * channels
      const down = y0 < bottom ? rowValues : 0
      const across = x0 < right ? channels : 0
      for (let k = 0; k < channels; k++) {
        const p = topLeft + k
        const upper = image[p] + fx * (image[p + across] - image[p])
        const q = p + down
        const lower = image[q] + fx * (image[q + across] - image[q])
        out[at + k] = upper + fy * (lower - upper)
      }
      at += step
    }
  }
}

/**
 * Apply a transform to one image.
 *
 * Order of axes `[height, width, channels]`; the mirror comes last. Computed in float64, written as float32.
 *
 * @param image at least one image; not written.
 * @param out at least one image; owned by the caller, not the same memory as `image`.
 * @throws RangeError when a buffer is too short.
 */
export const applyTransform = (
  image: Uint8Array | Float32Array,
  shape: readonly [number, number, number],
  transform: AffineTransform,
  out: Float32Array,
): void => {
  const size = shape[0] * shape[1] * shape[2]
  if (image.length < size || out.length < size)
    throw new RangeError(
      `image and out: must hold ${size} values for [${shape.join(', ')}], but hold ${image.length} and ${out.length}`,
    )
  applyTransformAt(image, 0, shape, transform, out, 0)
}
