/** A drawing made into what MNIST's images are: 28x28, the digit 20 pixels long, its mass in the middle. */

/** Side of MNIST's images, and of the box that the digit fills. */
export const digitSide = 28
export const boxSide = 20

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const boundingBox = (grey: Float32Array, side: number): Box | undefined => {
  let [left, right, top, bottom] = [side, -1, side, -1]
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (grey[y * side + x] > 0) {
        if (x < left) left = x
        if (x > right) right = x
        if (y < top) top = y
        bottom = y
      }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * Resample `from` cells to `to` along one axis: each new cell is the mean of the old ones that it covers, in proportion to the share covered.
 *
 * @param at the value of old cell `i`. @param put takes the value of new cell `j`.
 */
const averageArea = (
  from: number,
  to: number,
  at: (i: number) => number,
  put: (j: number, value: number) => void,
): void => {
  const width = from / to
  for (let j = 0; j < to; j++) {
    const [start, end] = [j * width, (j + 1) * width]
    let sum = 0
    for (let i = Math.floor(start); i < Math.min(from, Math.ceil(end)); i++)
      sum += at(i) * (Math.min(end, i + 1) - Math.max(start, i))
    put(j, sum / width)
  }
}

const scaleBox = (
  grey: Float32Array,
  side: number,
  box: Box,
  width: number,
  height: number,
): Float32Array => {
  const rows = new Float32Array(box.height * width)
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * side + box.left
    averageArea(
      box.width,
      width,
      (i) => grey[start + i],
      (j, value) => {
        rows[y * width + j] = value
      },
    )
  }
  const scaled = new Float32Array(height * width)
  for (let x = 0; x < width; x++)
    averageArea(
      box.height,
      height,
      (i) => rows[i * width + x],
      (j, value) => {
        scaled[j * width + x] = value
      },
    )
  return scaled
}

/** The whole-pixel offset that brings the centre of mass nearest to the middle, the digit still inside the image. */
const offsets = (scaled: Float32Array, width: number, height: number): readonly [number, number] => {
  let [mass, massX, massY] = [0, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = scaled[y * width + x]
      mass += value
      massX += value * (x + 0.5)
      massY += value * (y + 0.5)
    }
  const offset = (moment: number, extent: number): number =>
    Math.max(0, Math.min(digitSide - extent, Math.round(digitSide / 2 - moment / mass)))
  return [offset(massX, width), offset(massY, height)]
}

/**
 * Centre a drawn digit as the makers of MNIST did.
 *
 * Crop to the bounding box of all that is not black, scale its longer side to 20 pixels (proportions kept, antialiased by area average),
 * and shift by whole pixels until the centre of mass is nearest to the middle of 28x28. MNIST lets the mass decide alone; here the digit never leaves
 * the image.
 *
 * @param grey `side * side` values in 0..1, row by row, white on black; not written.
 * @param side any side from 1.
 * @returns 784 new values in 0..1; all zeros for an empty drawing.
 * @throws RangeError when `grey` is not `side * side` long.
 * @see http://yann.lecun.com/exdb/mnist/
 */
export const centreDigit = (grey: Float32Array, side: number): Float32Array => {
  if (grey.length !== side * side)
    throw new RangeError(`grey has ${grey.length} values, a drawing of side ${side} has ${side * side}`)
  const image = new Float32Array(digitSide * digitSide)
  const box = boundingBox(grey, side)
  if (box === undefined) return image
  const scale = boxSide / Math.max(box.width, box.height)
  const [width, height] = [box.width, box.height].map((extent) => Math.max(1, Math.round(extent * scale)))
  const scaled = scaleBox(grey, side, box, width, height)
  const [left, top] = offsets(scaled, width, height)
  for (let y = 0; y < height; y++)
    image.set(scaled.subarray(y * width, (y + 1) * width), (top + y) * digitSide + left)
  return image
}
