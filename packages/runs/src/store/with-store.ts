/** Executing a run that is kept in a store. */
import { either as E } from 'fp-ts'
import type { ExecuteRunError, ExecuteRunResult, ExecutionOptions } from '../execution.ts'
import { findFor, type RunSearch } from '../find-run.ts'
import type { RunSettings } from '../run-config.ts'
import { runUnavailable } from '../run-errors.ts'
import { takeStoredRun } from './open-mirror.ts'
import type { RunMirror } from './run-mirror.ts'

type Result<LoadFailure> = E.Either<LoadFailure | ExecuteRunError, ExecuteRunResult>

/** The directory that holds what came of it; null where nothing did. */
const directoryOf = (result: Result<unknown>): string | null => {
  if (E.isRight(result)) return result.right.run.directory
  const { runDirectory } = Object(result.left) as { readonly runDirectory?: unknown }
  return typeof runDirectory === 'string' ? runDirectory : null
}

/**
 * Take the run in the store, execute it, and bring what came of it back.
 *
 * @param execute trains in the run's directory; `mirror` is null where there is no store.
 */
export const withStore = async <LoadFailure>(
  settings: RunSettings,
  search: RunSearch,
  { stored, report }: ExecutionOptions<LoadFailure>,
  execute: (mirror: RunMirror | null) => Promise<Result<LoadFailure>>,
): Promise<Result<LoadFailure>> => {
  if (stored === undefined) return execute(null)
  if (search.again === true)
    return E.left(
      runUnavailable(
        stored.store.name,
        'a store keeps a run once, by its identity',
        'Train it again without the store, or into another one.',
      ),
    )
  const local = await findFor(settings, search)
  if (E.isLeft(local)) return local
  const warn = (message: string) => report?.({ kind: 'warning', message })
  const taken = await takeStoredRun(stored, settings, search, local.right, warn)
  if (E.isLeft(taken)) return taken
  const { mirror, isStored } = taken.right
  let result: Result<LoadFailure>
  try {
    result = await execute(mirror)
  } catch (error) {
    await mirror.close(null, null)
    throw error
  }
  const isThere = isStored && E.isRight(result) && result.right.kind === 'alreadyFinished'
  const step = E.isRight(result) ? result.right.summary.steps : null
  const closed = await mirror.close(isThere ? null : directoryOf(result), step)
  return E.isRight(result) && E.isLeft(closed) ? closed : result
}
