/** A run that trains in a directory of this machine, kept in a store as well: at each checkpoint, in the background, and at its end. */
import { setTimeout as pause } from 'node:timers/promises'
import { type ObjectStore, renderStoreError, type StoreUnavailable } from '@laperm/store'
import { either as E } from 'fp-ts'
import { lockLost, type RunError, runUnavailable } from '../run-errors.ts'
import type { RunLock } from '../run-lock.ts'
import type { FileMirror } from './mirror-files.ts'
import type { StoreClaim } from './store-claim.ts'
import { storeProblem } from './store-problem.ts'

/** What training needs of it. */
export interface RunMirror {
  /** The lock of the run's directory, which holds only while the run in the store is this process's, too. */
  readonly guard: (lock: RunLock) => RunLock
  /** Bring the directory into the store soon. @param step behind its checkpoint. */
  readonly pushSoon: (directory: string, step: number) => void
}

/** The same for whoever opened it. */
export interface OpenMirror extends RunMirror {
  /**
   * Bring the directory into the store and give the run back. A store that is away is waited for.
   *
   * @param directory null leaves the store as it is.
   */
  readonly close: (directory: string | null, step: number | null) => Promise<E.Either<RunError, void>>
}

/** How a run is kept in a store. */
export interface StoredRuns {
  readonly store: ObjectStore
  /** A holder that has not renewed its claim for this long counts as dead. Default: a minute. */
  readonly leaseMs?: number | undefined
  /** How long a store that is away is waited for at the end of a run. Default: a minute. */
  readonly patienceMs?: number | undefined
}

const usualPatienceMs = 60_000
const retryMs = 2000

/**
 * @param place the run in the store, for people.
 * @param warn hears that the store is away, once each time.
 */
export const makeRunMirror = (
  { patienceMs = usualPatienceMs }: StoredRuns,
  place: string,
  claim: StoreClaim,
  files: FileMirror,
  warn: (message: string) => void,
): OpenMirror => {
  const push = async (directory: string, step: number | null): Promise<E.Either<StoreUnavailable, void>> => {
    // Only the store itself can say whether the run is still this process's.
    const held = await claim.renew()
    if (E.isLeft(held)) return held
    if (!held.right) return E.right(undefined)
    const pushed = await files.push(directory)
    if (E.isLeft(pushed)) return pushed
    return E.map(() => undefined)(await claim.renew(step ?? undefined))
  }
  let isAway = false
  let wanted: { readonly directory: string; readonly step: number } | null = null
  let pumping: Promise<void> | null = null
  const pump = async (): Promise<void> => {
    while (wanted !== null) {
      const { directory, step } = wanted
      wanted = null
      const pushed = await push(directory, step)
      if (E.isLeft(pushed) && !isAway)
        warn(
          `${renderStoreError(pushed.left)} The run goes on here, and is stored again when that is possible.`,
        )
      isAway = E.isLeft(pushed)
    }
    pumping = null
  }
  const pushPatiently = async (
    directory: string,
    step: number | null,
  ): Promise<E.Either<StoreUnavailable, void>> => {
    const until = performance.now() + patienceMs
    for (;;) {
      const pushed = await push(directory, step)
      if (E.isRight(pushed) || !pushed.left.isPassing || performance.now() > until) return pushed
      await pause(retryMs)
    }
  }
  return {
    guard: (lock) => ({
      isHeld: async () => !claim.isLost() && lock.isHeld(),
      whyLost: async () => (claim.isLost() ? lockLost(place) : lock.whyLost()),
      release: lock.release,
    }),
    pushSoon: (directory, step) => {
      wanted = { directory, step }
      pumping ??= pump()
    },
    close: async (directory, step) => {
      wanted = null
      await pumping
      const pushed = directory === null ? E.right(undefined) : await pushPatiently(directory, step)
      const isLost = claim.isLost()
      await claim.release()
      if (E.isLeft(pushed)) {
        const { path, reason } = storeProblem(pushed.left)
        return E.left(
          runUnavailable(
            path,
            reason,
            `${pushed.left.remedy} The run is whole in ${directory}; the same command, given again, brings it into the store.`,
          ),
        )
      }
      return isLost && directory !== null ? E.left(lockLost(place)) : E.right(undefined)
    },
  }
}
