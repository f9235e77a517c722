/** What a worker that died cannot do itself: give its run's lock back, and say that the run failed. */
import { either as E } from 'fp-ts'
import { findRun } from '../find-run.ts'
import type { RunJob } from '../queue/run-job.ts'
import { writeSummary } from '../run-directory.ts'
import { lockRun } from '../run-lock.ts'
import { startSummary } from '../run-summary.ts'

/** Give back the lock of a worker that died on this machine: others would wait until its lease had run out. */
export const freeRun = async ({ directory, identity }: RunJob): Promise<void> => {
  const found = await findRun(directory, identity)()
  if (E.isLeft(found) || found.right?.kind !== 'unfinished') return
  const lock = await lockRun(found.right.run.directory)()
  if (E.isRight(lock)) await lock.right.release()
}

/** Mark the unfinished run of a job as failed. A run that has no directory, or that somebody else writes into, stays as it is. */
export const failRun = async ({ directory, identity }: RunJob, reason: string): Promise<void> => {
  const found = await findRun(directory, identity)()
  if (E.isLeft(found) || found.right?.kind !== 'unfinished') return
  const { run } = found.right
  const lock = await lockRun(run.directory)()
  if (E.isLeft(lock)) return
  try {
    await writeSummary(run, {
      ...startSummary(run.config.experiment, run.directory),
      status: 'failed',
      error: reason,
    })
  } finally {
    await lock.right.release()
  }
}
