/**
 * How an augmented image is moved: Keras's `ImageDataGenerator` geometry as a small matrix, drawn per image.
 */
import { makeRandom } from '@laperm/core'

/** What an image may undergo. All zero and false: nothing. */
export interface AugmentationSpec {
  /** Rotation uniform in `±rotationDegrees`; 0 to 180. */
  readonly rotationDegrees: number
  /** Shifts along both axes uniform in `±shiftFraction` of the side, in fractional pixels; 0 to below 1. */
  readonly shiftFraction: number
  /** Zoom of rows and of columns, drawn apart, uniform in `[1 - zoom, 1 + zoom]`; 0 to below 1. */
  readonly zoom: number
  /** Mirror left and right with probability 1/2. */
  readonly horizontalFlip: boolean
}

/** What was drawn for one image, under Keras's names. */
export interface TransformParameters {
  readonly thetaDegrees: number
  /** Shift along the columns (to the left when positive), in pixels. */
  readonly tx: number
  /** Shift along the rows (up when positive), in pixels. */
  readonly ty: number
  /** Zoom of columns; above 1 shows more of the image, smaller. */
  readonly zx: number
  /** Zoom of rows. */
  readonly zy: number
  readonly flip: boolean
}

/**
 * Where each output pixel is read: output `(y, x)` shows the input at `(a * y + b * x + offsetY, c * y + d * x + offsetX)`, rows and columns
 * counted from pixel centres; mirrored afterwards when `flip` is set.
 */
export interface AffineTransform {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly offsetY: number
  readonly offsetX: number
  readonly flip: boolean
}

/**
 * Sine and cosine from + - * / alone, so that augmented batches are the same bits on every JavaScript engine.
 *
 * An eighth of the angle goes through the Taylor series, then is doubled three times: within 1e-14 for |angle| <= pi.
 */
const sineCosine = (radians: number): readonly [number, number] => {
  const x = radians / 8
  const z = x * x
  let sine = x * (1 - (z / 6) * (1 - (z / 20) * (1 - (z / 42) * (1 - (z / 72) * (1 - z / 110)))))
  // 1 - cos, not cos: doubling would lose the small difference from one.
  let versine = (z / 2) * (1 - (z / 12) * (1 - (z / 30) * (1 - (z / 56) * (1 - (z / 90) * (1 - z / 132)))))
  for (let doubling = 0; doubling < 3; doubling++) {
    const doubledSine = 2 * sine * (1 - versine)
    versine = 2 * sine * sine
    sine = doubledSine
  }
  return [sine, 1 - versine]
}

/**
 * The transform of given parameters: rotation, then shift, then zoom, about the centre of the image.
 *
 * `M = C * R(theta) * T(tx, ty) * Z(zx, zy) * C^-1` in coordinates (column, row), with C the translation to `(h / 2 - 1/2, w / 2 - 1/2)`. That
 * Keras puts the height first there, although columns come first, only shows on images that are not square: their centre is off.
 * It is kept, so that the result equals Keras's on every shape.
 *
 * @param size height and width in pixels.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/legacy/preprocessing/image.py `apply_affine_transform`
 */
export const makeTransform = (
  parameters: TransformParameters,
  size: readonly [number, number],
): AffineTransform => {
  const { thetaDegrees, tx, ty, zx, zy, flip } = parameters
  const [sine, cosine] = sineCosine((thetaDegrees * Math.PI) / 180)
  const centerX = size[0] / 2 - 0.5
  const centerY = size[1] / 2 - 0.5
  const a = cosine * zy
  const b = sine * zx
  const c = -sine * zy
  const d = cosine * zx
  return {
    a,
    b,
    c,
    d,
    offsetY: sine * tx + cosine * ty + centerY - a * centerY - b * centerX,
    offsetX: cosine * tx - sine * ty + centerX - c * centerY - d * centerX,
    flip,
  }
}

/**
 * Draw an image's transform, a pure function of (spec, seed, epoch, index, size).
 *
 * The distributions are Keras's; the numbers are not (its generator is NumPy's). All six are always drawn, so that switching one kind of
 * movement on or off leaves the others as they were.
 *
 * @param index the example's number in the training set, not its place in the batch.
 */
export const drawTransform = (
  spec: AugmentationSpec,
  seed: number,
  epoch: number,
  index: number,
  size: readonly [number, number],
): AffineTransform => {
  const random = makeRandom(seed, 'augmentation', epoch, index)
  const symmetric = (): number => 2 * random.nextUniform() - 1
  return makeTransform(
    {
      thetaDegrees: spec.rotationDegrees * symmetric(),
      // Keras's generator measures tx by the height and ty by the width; the same on square images.
      tx: spec.shiftFraction * size[0] * symmetric(),
      ty: spec.shiftFraction * size[1] * symmetric(),
      zx: 1 + spec.zoom * symmetric(),
      zy: 1 + spec.zoom * symmetric(),
      flip: random.nextUniform() < 0.5 && spec.horizontalFlip,
    },
    size,
  )
}
