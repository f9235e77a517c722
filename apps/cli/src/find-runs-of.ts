/** How runs stand that are kept in a directory, and perhaps in a store. */
import { pullRuns } from '@laperm/runs'
import { findRuns, type SweepRunState } from '@laperm/runs/sweep'
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import type { Failure } from './failure.ts'

/** Where runs are. */
export interface RunsPlace {
  readonly directory: string
  /** Null where they live in the directory alone. */
  readonly store: ObjectStore | null
}

/** How the runs of some identities stand; records of those that ended in the store are fetched into the directory first. */
export const findRunsOf = async (
  { directory, store }: RunsPlace,
  identities: readonly string[],
): Promise<E.Either<Failure, ReadonlyMap<string, SweepRunState>>> => {
  if (store !== null) {
    const wanted = new Set(identities)
    const isWanted = ({ identity }: { readonly identity: string }) => wanted.has(identity)
    const pulled = await pullRuns(store, directory, { extent: 'record', isWanted })()
    if (E.isLeft(pulled)) return pulled
  }
  return findRuns(directory, identities)()
}
