/** Runs on disk: identity, directories, recording, checkpoints, exact resume. Node only. */

export { isUnchecked, unfittingFiles } from './check-run-files.ts'
export { decodeCheckpoint, encodeCheckpoint, type RunCheckpoint, type RunFacts } from './checkpoint-file.ts'
export {
  type CreateRunOptions,
  createRun,
  type ExistingRun,
  type LockedRun,
  type RunPlace,
} from './create-run.ts'
export { type DataFingerprint, fingerprintOf } from './data-fingerprint.ts'
export { executeRun } from './execute-run.ts'
export type {
  ExecuteRunError,
  ExecuteRunOptions,
  ExecuteRunResult,
  ExecutionEvent,
  ExecutionOptions,
  RunEndedBadly,
  RunFailed,
  SessionFailure,
} from './execution.ts'
export type { FileChecksum, FileChecksums } from './file-checksum.ts'
export { type FoundRun, findRun, findRunIn } from './find-run.ts'
export { continueRun } from './go-on.ts'
export { inspectRun, type ListOptions, listRuns } from './list-runs.ts'
export { type ListedRun, type RunState, readMetrics } from './listed-run.ts'
export type { MetricsRepair } from './metrics-repair.ts'
export { nodeSha256 } from './node-sha256.ts'
export type { ProcessIdentity } from './process-identity.ts'
export { readStartsFrom } from './read-starts-from.ts'
export { readSummary } from './read-summary.ts'
export { readWeights } from './read-weights.ts'
export { type RecordOptions, type RunRecorder, recordRun } from './record-run.ts'
export { isRunFile, type RemovedRun, removeRun } from './remove-run.ts'
export { planResume, type ResumePlan, resumeRun } from './resume-run.ts'
export type { DataSource, RunConfig, RunData, RunSettings } from './run-config.ts'
export { keptEpochs, openRun, type Run, runFiles } from './run-directory.ts'
export { type Checkout, type RunEnvironment, readEnvironment } from './run-environment.ts'
export {
  type RunError,
  type RunUnavailable,
  RunWriteFailed,
  renderRunError,
  runUnavailable,
} from './run-errors.ts'
export {
  differingFields,
  type Fields,
  type FieldValue,
  fieldsOf,
  leavesOf,
  settingsOf,
  wordsOf,
} from './run-fields.ts'
export { type FilterError, parseCondition, type RunCondition } from './run-filter.ts'
export { bitsOf, type IdentityFacts, identityOf } from './run-identity.ts'
export { type LockHolder, type LockOptions, lockRun, type RunLock, readLockHolder } from './run-lock.ts'
export type { ReadMetrics } from './run-metrics.ts'
export { isNameOf, runName, runTitle } from './run-name.ts'
export { type RunStatus, type RunSummary, startSummary, summarize } from './run-summary.ts'
export { checkSameData } from './same-data.ts'
export { type RunOrder, type RunSelection, selectRuns } from './select-runs.ts'
export { type ListedStoredRun, listStoredRuns } from './store/list-stored-runs.ts'
export { type PullExtent, type PulledRun, type PullOptions, pullRuns } from './store/pull-runs.ts'
export type { StoredRuns } from './store/run-mirror.ts'
export { listStored, type StoredRun } from './store/stored-files.ts'
export { parseSummary, runStatuses } from './summary-file.ts'
export { eventFileName, eventsOfRun } from './tensorboard/event-file.ts'
export { csvLines, epochColumns, type TidyRow, tidyColumns, tidyRows } from './tidy-rows.ts'
export { decodeWeights, encodeWeights } from './weights-file.ts'
export { writeFileSafely } from './write-file-safely.ts'
