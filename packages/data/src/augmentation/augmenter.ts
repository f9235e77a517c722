/**
 * Augmentation of whole batches.
 */

import { type Examples, type InputShape, inputSizeOf, isImageShape } from '../dataset.ts'
import { type AugmentationSpec, drawTransform } from './affine-transform.ts'
import { applyTransformAt } from './apply-transform.ts'
import { requireAugmentation } from './augmentation-rules.ts'

/** Moves whole batches of images; holds no state but its settings. */
export interface Augmenter {
  readonly spec: AugmentationSpec
  /**
   * `out[i]` becomes the augmented example `indices[start + i]`, for `i < size`: `[size, ...inputShape]` float32 in the range of the inputs
   * (0..255 of bytes), to be normalized with `normalizer.fillFrom`.
   *
   * The result depends on (spec, seed, epoch, example number) alone, not on the batch or the thread.
   *
   * @throws RangeError when `indices` or `out` is too short.
   */
  readonly fill: (
    examples: Examples,
    epoch: number,
    indices: Uint32Array,
    start: number,
    size: number,
    out: Float32Array,
  ) => void
}

/**
 * An augmenter for images of one shape.
 *
 * Unlike the authors' ResNet run, which subtracts the mean image first and then moves the difference, the image is moved first:
 * what the network sees in training is then normalized exactly as a test image is.
 *
 * @throws RangeError when a field of the spec breaks its rule, or the shape is not that of an image (`checkPreparation` says so before).
 */
export const makeAugmenter = (spec: AugmentationSpec, inputShape: InputShape, seed: number): Augmenter => {
  requireAugmentation(spec)
  if (!isImageShape(inputShape))
    throw new RangeError(`inputShape is [${inputShape.join(', ')}], but only images can be augmented`)
  const imageSize = inputSizeOf(inputShape)
  const size2d = [inputShape[0], inputShape[1]] as const
  const fill: Augmenter['fill'] = (examples, epoch, indices, start, size, out) => {
    if (start < 0 || start + size > indices.length)
      throw new RangeError(`indices: ${start} + ${size} is beyond the ${indices.length} given`)
    if (out.length < size * imageSize)
      throw new RangeError(
        `out: must hold ${size} images of ${imageSize} values, but has room for ${out.length}`,
      )
    for (let i = 0; i < size; i++) {
      const index = indices[start + i]
      const transform = drawTransform(spec, seed, epoch, index, size2d)
      applyTransformAt(examples.inputs, index * imageSize, inputShape, transform, out, i * imageSize)
    }
  }
  return { spec, fill }
}
