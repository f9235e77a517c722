/** Marking a run in a store as failed, for a worker that died. */
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import type { RunJob } from '../queue/run-job.ts'
import { runFiles } from '../run-directory.ts'
import { type RunError, runHeld } from '../run-errors.ts'
import { type RunSummary, startSummary } from '../run-summary.ts'
import { mostSummaryBytes, parseSummary, summaryText } from '../summary-file.ts'
import { takeClaim } from './store-claim.ts'
import { storeProblem } from './store-problem.ts'
import { listStored, storedName } from './stored-files.ts'

/** The same for whoever has claimed the run. */
const failClaimed = async (
  store: ObjectStore,
  name: string,
  { experiment }: RunJob,
  reason: string,
): Promise<E.Either<RunError, void>> => {
  const listed = await listStored(store, `${name}/`)
  if (E.isLeft(listed)) return E.left(storeProblem(listed.left))
  if (listed.right.length === 0) return E.right(undefined)
  const object = `${name}/${runFiles.summary}`
  const read = await store.read(object, mostSummaryBytes)()
  if (E.isLeft(read)) return E.left(storeProblem(read.left))
  const found = read.right
  const before = found === null ? null : parseSummary(object, new TextDecoder().decode(found.bytes))
  const hasEnded =
    before !== null &&
    E.isRight(before) &&
    before.right.status !== 'running' &&
    before.right.status !== 'interrupted'
  if (hasEnded) return E.right(undefined)
  const summary: RunSummary = {
    ...startSummary(experiment, `${store.name}/${name}`),
    status: 'failed',
    error: reason,
  }
  const written = await store.write(
    object,
    new TextEncoder().encode(summaryText(summary)),
    found === null ? { kind: 'absent' } : { kind: 'version', version: found.version },
  )()
  if (E.isLeft(written)) return E.left(storeProblem(written.left))
  return written.right.kind === 'written'
    ? E.right(undefined)
    : E.left(runHeld(`${store.name}/${name}`, 'another process writes into this run'))
}

/** Say in a store that a run failed. One that is not there, or that has ended, stays as it is. */
export const failStoredRun = async (
  store: ObjectStore,
  job: RunJob,
  reason: string,
): Promise<E.Either<RunError, void>> => {
  const name = storedName(job.experiment, job.identity)
  const claimed = await takeClaim(store, name)
  if (E.isLeft(claimed)) return claimed
  try {
    return await failClaimed(store, name, job, reason)
  } finally {
    await claimed.right.release()
  }
}
