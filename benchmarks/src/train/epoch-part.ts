/** The part of training that is measured, for every contender the same. */
import type { AugmentationSpec } from '@laperm/data'

/** What every contender does in one turn. */
export interface EpochPart {
  readonly steps: number
  readonly batchSize: number
  readonly syncPeriod: number
  readonly augmentation: AugmentationSpec
  readonly testExamples: number
  readonly threads: number
}
