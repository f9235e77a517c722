/** Runs of a store as directories of this machine: whole, or only what tells how they went. Takes no claim and waits for nobody. */
import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ObjectStore } from '@laperm/store'
import { either as E, type taskEither as TE } from 'fp-ts'
import { claimPlace } from '../create-run.ts'
import { findRun } from '../find-run.ts'
import { type Run, runError } from '../run-directory.ts'
import type { RunError } from '../run-errors.ts'
import { type LockHolder, lockName, lockRun } from '../run-lock.ts'
import { claimName, isClaimHeld, mostClaimBytes, parseClaim } from './claim-file.ts'
import { fetchRun, readStoredConfig } from './fetch-run.ts'
import { storeProblem } from './store-problem.ts'
import { listStored, mirroredFiles, recordFiles, type StoredRun } from './stored-files.ts'
import { compareStored } from './stored-progress.ts'

/** Runs that are fetched at once. */
const concurrency = 16

/** What is fetched of a run. */
export type PullExtent =
  /** Every file. */
  | 'whole'
  /** Config, metrics and summary, without weights and checkpoint. */
  | 'record'

/** What came of a run that was asked for. */
export interface PulledRun {
  readonly stored: StoredRun
  /** `kept`: what is here is as far or further, or a process works on it; nothing was fetched. */
  readonly result:
    | { readonly kind: 'fetched' | 'kept'; readonly directory: string }
    | { readonly kind: 'failed'; readonly error: RunError }
}

/** How runs are pulled. */
export interface PullOptions {
  readonly extent: PullExtent
  /** Default: every run. */
  readonly isWanted?: ((run: StoredRun) => boolean) | undefined
  /** Show whoever holds a run in the store as the holder of its directory, too: for a look at directories that nobody trains in. Default: false. */
  readonly showHolders?: boolean | undefined
}

interface Claim {
  readonly step: number
  readonly holder: LockHolder | null
}

/** Who holds a run in the store, and how far it is there. */
const readClaim = async (store: ObjectStore, { name }: StoredRun): Promise<E.Either<RunError, Claim>> => {
  const read = await store.read(`${name}/${claimName}`, mostClaimBytes)()
  if (E.isLeft(read)) return E.left(storeProblem(read.left))
  const parsed = read.right === null ? null : parseClaim(name, read.right.bytes)
  // A damaged one says nothing: nobody is known to hold the run.
  if (read.right === null || parsed === null || E.isLeft(parsed)) return E.right({ step: 0, holder: null })
  const claim = parsed.right
  const { host, pid, started, since, step } = claim
  const holder = isClaimHeld(claim, read.right.ageMs) ? { host, pid, started, since } : null
  return E.right({ step, holder })
}

/** Whether a run here has every file that the store has of it. */
const hasFiles = async ({ directory }: Run, { files }: StoredRun): Promise<boolean> => {
  const here = await readdir(directory)
  return mirroredFiles.every((file) => !files.has(file) || here.includes(file))
}

const pullRun = async (
  store: ObjectStore,
  stored: StoredRun,
  parent: string,
  { extent, showHolders = false }: PullOptions,
): Promise<PulledRun['result']> => {
  const fail = (error: RunError): PulledRun['result'] => ({ kind: 'failed', error })
  const local = await findRun(parent, stored.identity)()
  if (E.isLeft(local)) return fail(local.left)
  const claim = await readClaim(store, stored)
  if (E.isLeft(claim)) return fail(claim.left)
  if (local.right !== null) {
    const { run } = local.right
    const progress = await compareStored(store, stored, claim.right.step, local.right)
    if (E.isLeft(progress)) return fail(progress.left)
    const { isAhead, hasEnded } = progress.right
    // Its record may be here without its weights.
    const isWanted =
      extent === 'record' ? isAhead && hasEnded : isAhead || (hasEnded && !(await hasFiles(run, stored)))
    if (!isWanted) return { kind: 'kept', directory: run.directory }
  }
  const config = await readStoredConfig(store, stored)
  if (E.isLeft(config)) return fail(config.left)
  const place =
    local.right === null
      ? await claimPlace(config.right.config.experiment, stored.identity, { directory: null, parent })()
      : E.right({ kind: 'exists' as const, run: local.right.run })
  if (E.isLeft(place)) return fail(place.left)
  const directory = place.right.kind === 'claimed' ? place.right.path : place.right.run.directory
  const locked = place.right.kind === 'claimed' ? E.right(place.right.lock) : await lockRun(directory)()
  if (E.isLeft(locked))
    return locked.left._tag === 'RunUnavailable' && locked.left.isHeld === true
      ? { kind: 'kept', directory }
      : fail(locked.left)
  try {
    const files = extent === 'whole' ? mirroredFiles : recordFiles
    const fetched = await fetchRun(store, stored, directory, files)
    if (E.isLeft(fetched)) return fail(fetched.left)
  } finally {
    await locked.right.release()
  }
  if (showHolders && claim.right.holder !== null)
    await writeFile(join(directory, lockName(1)), JSON.stringify(claim.right.holder))
  return { kind: 'fetched', directory }
}

/**
 * Fetch runs of a store below a directory. A run that is there already, as far or further, keeps its files, as does one that a process works on.
 *
 * @returns each run that was asked for, with what came of it. `Left` where the store cannot be listed. Cost: one listing, and some requests a run.
 */
export const pullRuns =
  (store: ObjectStore, parent: string, options: PullOptions): TE.TaskEither<RunError, readonly PulledRun[]> =>
  async () => {
    const listed = await listStored(store)
    if (E.isLeft(listed)) return E.left(storeProblem(listed.left))
    const wanted = listed.right.filter((run) => options.isWanted?.(run) ?? true)
    const pulled: PulledRun[] = []
    let next = 0
    const puller = async (): Promise<void> => {
      for (let index = next++; index < wanted.length; index = next++)
        pulled[index] = {
          stored: wanted[index],
          result: await pullRun(store, wanted[index], resolve(parent), options),
        }
    }
    try {
      await Promise.all(Array.from({ length: concurrency }, puller))
      return E.right(pulled)
    } catch (error) {
      return E.left(runError(resolve(parent), error))
    }
  }
