/**
 * Whether what an experiment does to its inputs suits them, before anything is measured or trained.
 */
import { either as E } from 'fp-ts'
import type { AugmentationSpec } from '../augmentation/affine-transform.ts'
import type { DoesNotSuit } from '../data-error.ts'
import { type Dataset, isImageShape } from '../dataset.ts'
import { floatsFault, type Normalization } from './normalization.ts'

/** What is done to inputs on their way to a network. */
export interface Preparation {
  readonly normalization: Normalization
  readonly augmentation: AugmentationSpec | null | undefined
}

/**
 * Check that inputs can be normalized and augmented so.
 *
 * @returns `Left(DoesNotSuit)` for vectors that are to be augmented, and for floats that are to be divided by 255.
 */
export const checkPreparation = (
  { name, inputShape, train }: Dataset,
  { normalization, augmentation }: Preparation,
): E.Either<DoesNotSuit, void> => {
  const fault = train.inputs instanceof Float32Array ? floatsFault(normalization) : undefined
  if (fault !== undefined)
    return E.left({
      _tag: 'DoesNotSuit',
      dataset: name,
      field: 'normalization',
      value: normalization,
      rule: fault,
    })
  if (augmentation != null && !isImageShape(inputShape))
    return E.left({
      _tag: 'DoesNotSuit',
      dataset: name,
      field: 'augmentation',
      value: 'switched on',
      rule: `its inputs are vectors of shape [${inputShape.join(', ')}], and only images [height, width, channels] can be rotated, shifted, zoomed or flipped; switch it off`,
    })
  return E.right(undefined)
}
