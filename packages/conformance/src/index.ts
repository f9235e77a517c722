/** Prove a backend equal to the reference: laws, generated trials, golden cases, and a report as plain data. */
export { type ConformanceOptions, checkBackend } from './check-backend.ts'
export { type GoldenCase, type InvalidGoldenFile, parseGoldenCases } from './golden-case.ts'
export { renderReport } from './render-report.ts'
export {
  type Counterexample,
  type LawName,
  type LawReport,
  lawNames,
  type Progress,
  type Report,
} from './report.ts'
export { type ExpectedResults, makeTrial, type Trial, type TrialSpec } from './trial.ts'
export { fillWeights, type WeightsKind, weightsKinds } from './weights.ts'
