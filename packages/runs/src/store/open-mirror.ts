/** Taking a run in a store before it is trained here: claim it, and fetch what another machine has brought further. */
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { claimPlace, type RunPlace } from '../create-run.ts'
import type { FoundRun } from '../find-run.ts'
import { identityOfSettings, type RunSettings } from '../run-config.ts'
import type { RunError } from '../run-errors.ts'
import { lockRun } from '../run-lock.ts'
import { fetchRun } from './fetch-run.ts'
import { makeFileMirror } from './mirror-files.ts'
import { makeRunMirror, type OpenMirror, type StoredRuns } from './run-mirror.ts'
import { takeClaim } from './store-claim.ts'
import { storeProblem } from './store-problem.ts'
import { listStored, mirroredFiles, type StoredRun, storedName } from './stored-files.ts'
import { compareStored } from './stored-progress.ts'

const fetchHere = async (
  store: ObjectStore,
  stored: StoredRun,
  settings: RunSettings,
  place: RunPlace,
  local: FoundRun | null,
): Promise<E.Either<RunError, void>> => {
  const found =
    local === null
      ? await claimPlace(settings.experiment, stored.identity, place)()
      : E.right({ kind: 'exists' as const, run: local.run })
  if (E.isLeft(found)) return found
  const path = found.right.kind === 'claimed' ? found.right.path : found.right.run.directory
  const locked = found.right.kind === 'claimed' ? E.right(found.right.lock) : await lockRun(path)()
  if (E.isLeft(locked)) return locked
  try {
    return E.map(() => undefined)(await fetchRun(store, stored, path, mirroredFiles))
  } finally {
    await locked.right.release()
  }
}

/** A run that is this process's in the store, too. */
export interface TakenRun {
  readonly mirror: OpenMirror
  /** Whether the store has it whole and ended, so that nothing is to be brought. */
  readonly isStored: boolean
}

/**
 * Take a run in the store, and bring its directory to where the store is when that is further.
 *
 * @param local what is here of it.
 * @param warn hears what a person should know, as sentences.
 * @returns `Left` where another process trains it, what the store has is damaged, or the store cannot be used.
 */
export const takeStoredRun = async (
  stored: StoredRuns,
  settings: RunSettings,
  place: RunPlace,
  local: FoundRun | null,
  warn: (message: string) => void,
): Promise<E.Either<RunError, TakenRun>> => {
  const { store } = stored
  const name = storedName(settings.experiment, identityOfSettings(settings))
  const claimed = await takeClaim(store, name, stored.leaseMs)
  if (E.isLeft(claimed)) return claimed
  const claim = claimed.right
  const giveBack = async (failure: RunError): Promise<E.Either<RunError, never>> => {
    await claim.release()
    return E.left(failure)
  }
  const listed = await listStored(store, `${name}/`)
  if (E.isLeft(listed)) return giveBack(storeProblem(listed.left))
  const there: StoredRun | undefined = listed.right[0]
  const progress =
    there === undefined
      ? E.right({ isAhead: false, hasEnded: false })
      : await compareStored(store, there, claim.step, local)
  if (E.isLeft(progress)) return giveBack(progress.left)
  if (there !== undefined && progress.right.isAhead) {
    const fetched = await fetchHere(store, there, settings, place, local)
    if (E.isLeft(fetched)) return giveBack(fetched.left)
  }
  const runPlace = `${store.name}/${name}`
  const files = makeFileMirror(store, name, there?.files.keys() ?? [], () => !claim.isLost())
  return E.right({
    mirror: makeRunMirror(stored, runPlace, claim, files, warn),
    isStored: progress.right.hasEnded,
  })
}
