export {
  type AffineTransform,
  type AugmentationSpec,
  drawTransform,
  makeTransform,
  type TransformParameters,
} from './affine-transform.ts'
export { applyTransform } from './apply-transform.ts'
export * from './augmenter.ts'
export { type BatchFiller, type BatchJob, makeBatchFiller, type TrainingBatch } from './batch-job.ts'
export * from './data-error.ts'
export * from './dataset.ts'
export * from './digits.ts'
export * from './epoch-order.ts'
export * from './idx-files.ts'
export * from './normalizer.ts'
