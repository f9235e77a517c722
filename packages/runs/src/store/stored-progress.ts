/** Whether a store has a run further than it is here. */
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import type { FoundRun } from '../find-run.ts'
import { readCheckpoint } from '../resume-run.ts'
import { runFiles } from '../run-directory.ts'
import type { RunError } from '../run-errors.ts'
import type { RunStatus } from '../run-summary.ts'
import { mostSummaryBytes, parseSummary } from '../summary-file.ts'
import { storeProblem } from './store-problem.ts'
import type { StoredRun } from './stored-files.ts'

/** What the store's summary says; null where there is none, or none that can be read. */
const storedStatus = async (
  store: ObjectStore,
  { name }: StoredRun,
): Promise<E.Either<RunError, RunStatus | null>> => {
  const object = `${name}/${runFiles.summary}`
  const read = await store.read(object, mostSummaryBytes)()
  if (E.isLeft(read)) return E.left(storeProblem(read.left))
  if (read.right === null) return E.right(null)
  const parsed = parseSummary(object, new TextDecoder().decode(read.right.bytes))
  return E.right(E.isRight(parsed) ? parsed.right.status : null)
}

/** Steps behind what is here: of a run that has ended well none can be ahead. */
const stepHere = async (local: FoundRun | null): Promise<number> => {
  if (local === null) return -1
  if (local.kind === 'finished' || local.kind === 'diverged') return Number.POSITIVE_INFINITY
  const read = await readCheckpoint(local.run).catch(() => E.right(null))
  // A damaged one is worth nothing.
  return E.isRight(read) ? (read.right?.checkpoint.position.step ?? 0) : 0
}

/** How a run in a store stands against the same one here. */
export interface StoredProgress {
  /** Whether the store has it further. */
  readonly isAhead: boolean
  /** Whether it has finished or diverged in the store. */
  readonly hasEnded: boolean
}

/**
 * Compare a run in a store with what is here.
 *
 * @param step behind the checkpoint that is stored.
 * @param local null where nothing is here.
 */
export const compareStored = async (
  store: ObjectStore,
  stored: StoredRun,
  step: number,
  local: FoundRun | null,
): Promise<E.Either<RunError, StoredProgress>> => {
  const status = await storedStatus(store, stored)
  if (E.isLeft(status)) return status
  const hasEnded = status.right === 'finished' || status.right === 'diverged'
  const here = await stepHere(local)
  const isAhead = hasEnded ? here !== Number.POSITIVE_INFINITY : step > here
  return E.right({ isAhead, hasEnded })
}
