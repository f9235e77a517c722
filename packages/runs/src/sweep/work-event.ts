/** What is told of a queue that is worked off. */
import type { RunJob } from '../queue/run-job.ts'
import type { JobEnd, JobProgress } from './worker-messages.ts'

/** What happens, for whoever shows it. */
export type WorkEvent =
  | { readonly kind: 'began'; readonly job: RunJob; readonly attempt: number }
  | { readonly kind: 'progress'; readonly job: RunJob; readonly progress: JobProgress }
  | { readonly kind: 'warning'; readonly job: RunJob; readonly message: string }
  /** A worker died; the job waits again, unless this was its last attempt. */
  | { readonly kind: 'crashed'; readonly job: RunJob; readonly reason: string; readonly isLast: boolean }
  /** The lease was lost: another worker has the job now. */
  | { readonly kind: 'lost'; readonly job: RunJob }
  | { readonly kind: 'ended'; readonly job: RunJob; readonly end: JobEnd }
