/** What can be wrong with a queue, as tagged plain records, and one renderer for people. */

/** A job that the queue does not take. */
export interface JobRefused {
  readonly _tag: 'JobRefused'
  readonly identity: string
  /** The rule that it breaks. */
  readonly reason: string
}

/** What holds the queue cannot be reached, refuses this process, or is full. */
export interface QueueUnavailable {
  readonly _tag: 'QueueUnavailable'
  /** For people, without secrets. */
  readonly queue: string
  readonly reason: string
  readonly remedy: string
}

/** A call after `close`. */
export interface QueueClosed {
  readonly _tag: 'QueueClosed'
  readonly queue: string
}

/** What can be wrong with a queue. */
export type QueueError = JobRefused | QueueUnavailable | QueueClosed

/** Make a {@link JobRefused}. */
export const jobRefused = (identity: string, reason: string): JobRefused => ({
  _tag: 'JobRefused',
  identity,
  reason,
})

/** Make a {@link QueueUnavailable}. */
export const queueUnavailable = (queue: string, reason: string, remedy: string): QueueUnavailable => ({
  _tag: 'QueueUnavailable',
  queue,
  reason,
  remedy,
})

/** Make a {@link QueueClosed}. */
export const queueClosed = (queue: string): QueueClosed => ({ _tag: 'QueueClosed', queue })

/** The error as one or two sentences for people. */
export const renderQueueError = (error: QueueError): string => {
  switch (error._tag) {
    case 'JobRefused':
      return `Job ${error.identity} is refused: ${error.reason}. Jobs are made and taken by the same version of the program.`
    case 'QueueUnavailable':
      return `Queue ${error.queue}: ${error.reason}. ${error.remedy}`
    case 'QueueClosed':
      return `Queue ${error.queue} has been closed by this process; open it again.`
    default:
      return error satisfies never
  }
}
