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
export { checkAugmentation } from './augmentation/augmentation-rules.ts'
export { type Augmenter, makeAugmenter } from './augmentation/augmenter.ts'
export { type BatchFiller, type BatchJob, makeBatchFiller, type TrainingBatch } from './batches/batch-job.ts'
export { type BatchSource, makeInlineBatchSource } from './batches/batch-source.ts'
export { checkPreparation, type Preparation } from './batches/check-preparation.ts'
export { epochOrder } from './batches/epoch-order.ts'
export {
  measureNormalization,
  type Normalization,
  type NormalizationStatistics,
  normalizations,
  takesFloats,
} from './batches/normalization.ts'
export { makeNormalizer, type Normalizer, normalizerFromStatistics } from './batches/normalizer.ts'
export type { ChecksumAlgorithm, DataError } from './data-error.ts'
export { dataRemedyOf, renderDataError } from './data-error.ts'
export {
  type DataRemedy,
  type DataRemedyWords,
  neutralDataRemedies,
} from './data-remedies.ts'
export {
  type Dataset,
  type Examples,
  fillLabels,
  type ImageShape,
  type InputShape,
  inputSizeOf,
  isImageShape,
  limitDataset,
  type PixelDataset,
  type PixelExamples,
} from './dataset.ts'
export type {
  CifarDescriptor,
  DatasetDescriptor,
  DatasetFacts,
  DigitsDescriptor,
  IdxDescriptor,
  PixelStatistics,
  PublishedBytes,
  PublishedFile,
  PublishedIdx,
} from './datasets/dataset-descriptor.ts'
export { type DatasetName, datasetNames, datasets, datasetWithInputs } from './datasets/datasets.ts'
export {
  type DigitSizes,
  type DigitSplit,
  defaultDigitSizes,
  digitLabel,
  drawDigit,
  makeDigits,
} from './digits/digits.ts'
export { datasetOfIdxFiles, type IdxFile, readIdxFile } from './formats/idx-files.ts'
export { type IdxPart, idxPartOf, idxParts } from './formats/idx-parts.ts'
export { type DatasetParts, type LabelledArrays, makeDataset } from './make-dataset.ts'
