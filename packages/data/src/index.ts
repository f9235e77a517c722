/**
 * What a page and Node both can use: data sets as values, digits, batches, normalization, augmentation, files handed over as bytes.
 * Files, downloads and the worker that fills batches are in `@laperm/data/node`.
 */
export {
  type AffineTransform,
  type AugmentationSpec,
  drawTransform,
  makeTransform,
  type TransformParameters,
} from './augmentation/affine-transform.ts'
export { applyTransform } from './augmentation/apply-transform.ts'
export { type Augmenter, makeAugmenter } from './augmentation/augmenter.ts'
export { type BatchFiller, type BatchJob, makeBatchFiller, type TrainingBatch } from './batches/batch-job.ts'
export { type BatchSource, makeInlineBatchSource } from './batches/batch-source.ts'
export { epochOrder } from './batches/epoch-order.ts'
export {
  makeNormalizer,
  measureNormalization,
  type Normalization,
  type NormalizationStatistics,
  type Normalizer,
  normalizations,
  normalizerFromStatistics,
} from './batches/normalizer.ts'
export type { ChecksumAlgorithm, DataError } from './data-error.ts'
export { renderDataError } from './data-error.ts'
export {
  allocateImageBytes,
  type Dataset,
  type DatasetName,
  datasetNames,
  type Examples,
  fillLabels,
  limitDataset,
} from './dataset.ts'
export {
  type DigitSizes,
  type DigitSplit,
  defaultDigitSizes,
  digitLabel,
  drawDigit,
  makeDigits,
} from './digits/digits.ts'
export {
  datasetOfIdxFiles,
  type IdxFile,
  type IdxPart,
  idxPartOf,
  idxParts,
  readIdxFile,
} from './formats/idx-files.ts'
