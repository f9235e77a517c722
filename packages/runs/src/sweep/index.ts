/** Sweeps: many runs from one command. Node only. */
export { parseRunJob, type RunJob, runJob } from '../queue/run-job.ts'
export {
  type ExpandedRun,
  type ExpandedSweep,
  expandSweep,
  type RefusedPart,
  type RefusedSweep,
  type ResolvedRun,
  renderRefusedSweep,
} from './expand-sweep.ts'
export { findRuns } from './find-runs.ts'
export type { StepCost } from './measure-steps.ts'
export {
  groupRuns,
  type PlannedRun,
  type PlannedSweep,
  planSweep,
  type SameRun,
  type SweepGroups,
  samplesOf,
} from './plan-sweep.ts'
export { costSamples, trainingMs } from './run-cost.ts'
export { type OrderChannel, serveOrders, type WorkerLoaders } from './serve-orders.ts'
export {
  type InvalidSweep,
  invalidSweep,
  renderInvalidSweep,
  type SweepAxis,
  type SweepDefinition,
  type SweepValues,
  sweepCombinations,
  sweepFields,
  sweepName,
  sweepSize,
  variedFields,
} from './sweep-definition.ts'
export { mostSweepBytes, parseSweepFile } from './sweep-file.ts'
export { readAlternatives, sweepFromFlags } from './sweep-flags.ts'
export {
  type Spread,
  type SweepGroup,
  type SweepRunState,
  sweepGroups,
  sweepRows,
} from './sweep-table.ts'
export { makeStepClock, type Remaining, type StepClock } from './time-left.ts'
export type { WorkEvent } from './work-event.ts'
export { type WorkOffOptions, workOff } from './work-off.ts'
export type {
  JobEnd,
  JobProgress,
  Sample,
  Survey,
  TrainingOptions,
  WorkerOrder,
  WorkerReport,
} from './worker-messages.ts'
export { startWorker, type WorkerCrash, type WorkerProcess } from './worker-process.ts'
export { type SweepTables, writeSweepTables } from './write-sweep-table.ts'
