/** Runs on disk: directories, recording, checkpoints, exact resume. Node only. */
export { decodeCheckpoint, encodeCheckpoint, type RunCheckpoint, type RunFacts } from './checkpoint-file.ts'
export { type DataFingerprint, fingerprintOf } from './data-fingerprint.ts'
export { type ListOptions, listRuns } from './list-runs.ts'
export type { ListedRun, RunState } from './listed-run.ts'
export type { MetricsRepair } from './metrics-repair.ts'
export { nodeSha256 } from './node-sha256.ts'
export { parseSummary, runStatuses } from './parse-summary.ts'
export type { ProcessIdentity } from './process-identity.ts'
export { type RecordOptions, type RunRecorder, recordRun } from './record-run.ts'
export { planResume, type ResumePlan, resumeRun } from './resume-run.ts'
export type { DataSource, RunConfig } from './run-config.ts'
export {
  type CreateRunOptions,
  createRun,
  openRun,
  type Run,
  readWeights,
  runFiles,
} from './run-directory.ts'
export {
  type RunError,
  type RunUnavailable,
  RunWriteFailed,
  renderRunError,
  runUnavailable,
} from './run-errors.ts'
export { type Fields, type FieldValue, fieldsOf, settingsOf, wordsOf } from './run-fields.ts'
export { type FilterError, parseCondition, type RunCondition } from './run-filter.ts'
export { type LockHolder, type LockOptions, lockRun, type RunLock, readLockHolder } from './run-lock.ts'
export { type RunStatus, type RunSummary, startSummary, summarize } from './run-summary.ts'
export { type RunSelection, selectRuns } from './select-runs.ts'
export { csvLines, epochColumns, type TidyRow, tidyColumns, tidyRows } from './tidy-rows.ts'
export { decodeWeights, encodeWeights } from './weights-file.ts'
