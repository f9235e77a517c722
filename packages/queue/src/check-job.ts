/** The check of a job that every queue makes before it stores one and after it has fetched one. */
import { either as E } from 'fp-ts'
import type { ParseJob, QueueJob } from './queue.ts'

/** Fit for a key of any store. */
const identityRule = /^[\w-]{1,200}$/

/** @returns `Left` with the rule that it breaks: the identity's, or one of `parseJob`. */
export const checkJob = <Job extends QueueJob>(
  value: unknown,
  parseJob: ParseJob<Job>,
): E.Either<string, Job> =>
  E.flatMap((job: Job) =>
    identityRule.test(job.identity)
      ? E.right(job)
      : E.left(
          `its identity is ${JSON.stringify(job.identity)}, but must have 1 to 200 letters, digits, _ and -`,
        ),
  )(parseJob(value))
