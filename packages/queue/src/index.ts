/** A queue of jobs for workers that may die: the contract, and the queue of one process. */
export { checkJob } from './check-job.ts'
export { type LocalQueueOptions, makeLocalQueue } from './local-queue.ts'
export {
  type Added,
  type AddOptions,
  type Claim,
  defaultLeaseMs,
  type JobState,
  type Lease,
  mostRetries,
  type ParseJob,
  type Queue,
  type QueueCounts,
  type QueueJob,
  type QueueOptions,
} from './queue.ts'
export {
  type JobRefused,
  jobRefused,
  type QueueClosed,
  type QueueError,
  type QueueUnavailable,
  queueClosed,
  queueUnavailable,
  renderQueueError,
} from './queue-errors.ts'
