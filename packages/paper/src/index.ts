/** The paper's figures as experiments, and the report that holds ours beside the paper's. Node only. */
export {
  type Curve,
  curvesOfPanel,
  type Figure,
  type Line,
  type Measure,
  type Panel,
  type PaperNumber,
  type ScaledFigure,
  type ScaleName,
  scaleNames,
  seedsTo,
} from './figure.ts'
export {
  type FigureRecord,
  figureFileName,
  formatFigureRecord,
  isFigureFile,
  parseFigureRecord,
  type RecordedRun,
} from './figure-record.ts'
export { type FigureResults, type ResultStatus, type RunResult, readFigureResults } from './figure-results.ts'
export { figureNames, figures } from './figures/index.ts'
export { type FoundFigures, keepFigureRecord, readFigureRecords } from './keep-figure-record.ts'
export { erkSparsity } from './networks/layer-densities.ts'
export { type Narrowing, narrowed } from './networks/narrowed.ts'
export { type FigureRun, figureRuns, type KnownRun, runKey, sweepOfRuns } from './plan-figure.ts'
export { type ComparedNumber, compareNumbers } from './report/compare-numbers.ts'
export { honestLines } from './report/honest-lines.ts'
export { makeReport, reportName, type WrittenReport } from './report/make-report.ts'
export { applyVariant } from './variants/apply-variant.ts'
export { type Variant, variantLabel } from './variants/variant.ts'
export {
  parseVariantScores,
  readVariantScores,
  type VariantScore,
  variantsFileName,
  writeVariantScores,
} from './variants/variant-scores.ts'
