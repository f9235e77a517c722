/** Prove a queue by the laws of queues. */
export {
  checkQueue,
  type QueueLawName,
  type QueueLawReport,
  type QueueReport,
  queueLawNames,
  renderQueueReport,
} from './check-queue.ts'
export type { LawJob, QueueSubject, SharedQueue } from './queue-subject.ts'
