/** What a worker that died cannot do itself: give its run's lock back, and say that the run failed. */
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { claimPlace } from '../create-run.ts'
import { writeEarlyFailure } from '../early-failure.ts'
import { findRun } from '../find-run.ts'
import type { RunJob } from '../queue/run-job.ts'
import { type Run, writeSummary } from '../run-directory.ts'
import { type RunError, RunWriteFailed, renderRunError } from '../run-errors.ts'
import { lockRun } from '../run-lock.ts'
import { startSummary } from '../run-summary.ts'
import { failStoredRun } from '../store/fail-stored-run.ts'

/** Give back the lock of a worker that died on this machine: others would wait until its lease had run out. */
export const freeRun = async ({ directory, identity }: RunJob): Promise<void> => {
  const found = await findRun(directory, identity)()
  if (E.isLeft(found) || found.right?.kind !== 'unfinished') return
  const lock = await lockRun(found.right.run.directory)()
  if (E.isRight(lock)) await lock.right.release()
}

const failUnfinished = async (run: Run, reason: string): Promise<E.Either<RunError, void>> => {
  const lock = await lockRun(run.directory)()
  if (E.isLeft(lock)) return lock
  try {
    await writeSummary(run, {
      ...startSummary(run.config.experiment, run.directory),
      status: 'failed',
      error: reason,
    })
    return E.right(undefined)
  } finally {
    await lock.right.release()
  }
}

const failUnmade = async (job: RunJob, reason: string): Promise<E.Either<RunError, void>> => {
  const { experiment, identity, directory: parent } = job
  const place = await claimPlace(experiment, identity, { directory: null, parent })()
  if (E.isLeft(place)) return place
  // Somebody has made the run meanwhile: it is theirs.
  if (place.right.kind === 'exists') return E.right(undefined)
  try {
    await writeEarlyFailure(place.right.path, job, reason)
    return E.right(undefined)
  } finally {
    await place.right.lock.release()
  }
}

/**
 * Mark the run of a job as failed, in its directory and in the store where there is one. A run that has come to an end of its own stays as it is.
 *
 * @returns why that could not be written down, in a sentence for people; null when it was.
 */
export const failRun = async (
  job: RunJob,
  reason: string,
  store: ObjectStore | null,
): Promise<string | null> => {
  const found = await findRun(job.directory, job.identity)()
  if (E.isLeft(found)) return renderRunError(found.left)
  try {
    const failed =
      found.right === null
        ? await failUnmade(job, reason)
        : found.right.kind === 'unfinished'
          ? await failUnfinished(found.right.run, reason)
          : E.right(undefined)
    if (E.isLeft(failed)) return renderRunError(failed.left)
  } catch (error) {
    if (error instanceof RunWriteFailed) return error.message
    throw error
  }
  const stored = store === null ? E.right(undefined) : await failStoredRun(store, job, reason)
  return E.isLeft(stored) ? renderRunError(stored.left) : null
}
