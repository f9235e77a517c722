/**
 * Making a run's directory. Whoever makes one locks it first and looks then, so that of two processes with the same command one makes the run,
 * and the other learns who does.
 */
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeDirectories, systemRefusal } from '@laperm/data/node'
import type { Experiment } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { readEarlyFailure } from './early-failure.ts'
import { refusedPlace } from './refused-place.ts'
import { configFormat, identityOfSettings, type RunConfig, type RunSettings } from './run-config.ts'
import { openRun, type Run, runFiles, writeSummary } from './run-directory.ts'
import { type RunError, RunWriteFailed, runUnavailable } from './run-errors.ts'
import { lockRun, type RunLock } from './run-lock.ts'
import { runName, shortestPrefix } from './run-name.ts'
import { startSummary } from './run-summary.ts'
import { removeTemporary, temporarySuffix, writeFileSafely } from './write-file-safely.ts'

/** Where a new run goes. */
export interface RunPlace {
  /** The run's own directory, new or empty; null names one below `parent` after the run. */
  readonly directory: string | null
  /** Where runs without a directory of their own go. */
  readonly parent: string
}

/** How a new run is made. */
export interface CreateRunOptions extends RunPlace {
  /** Below `parent`: make another directory where a run of this identity is. */
  readonly again?: boolean | undefined
  /** Default: now. */
  readonly now?: Date | undefined
}

/** A run that this process alone writes into. */
export interface LockedRun {
  readonly kind: 'created'
  readonly run: Run
  readonly lock: RunLock
}

/** Nothing was made, because a run of the same identity is there. */
export interface ExistingRun {
  readonly kind: 'exists'
  readonly run: Run
}

/** Whether a file is left behind by one who was killed while he made the run. */
const isLeftover = (name: string): boolean =>
  name.startsWith('.lock-') || name.startsWith('.clock-') || name.endsWith(temporarySuffix)

/** What is in a directory that a run may be made in. */
const contentOf = async (path: string): Promise<'nothing' | 'run' | 'other files'> => {
  const names = await readdir(path)
  if (names.includes(runFiles.config)) return 'run'
  const others = names.filter((name) => !isLeftover(name))
  const isFailure = others.join() === runFiles.summary && (await readEarlyFailure(path)) !== null
  return others.length === 0 || isFailure ? 'nothing' : 'other files'
}

type Claim = { readonly kind: 'claimed'; readonly lock: RunLock } | { readonly kind: 'taken' }

/** Take a directory for a new run; `taken` where there is a run already. */
const claim = async (path: string): Promise<E.Either<RunError, Claim>> => {
  await makeDirectories(path)
  const before = await contentOf(path)
  if (before === 'other files')
    return E.left(
      runUnavailable(path, 'the directory holds files that are no run', 'Name a new or an empty one.'),
    )
  if (before === 'run') return E.right({ kind: 'taken' })
  const lock = await lockRun(path)()
  if (E.isLeft(lock)) return lock
  // Another process may have made the run, and may have ended, since we looked.
  if ((await contentOf(path)) === 'nothing') {
    await removeTemporary(path)
    // Of a run that failed before it was one; nothing is left of it now.
    await rm(join(path, runFiles.summary), { force: true })
    return E.right({ kind: 'claimed', lock: lock.right })
  }
  await lock.right.release()
  return E.right({ kind: 'taken' })
}

/** An empty directory for a run, locked. */
export interface LockedRunPlace {
  readonly kind: 'claimed'
  readonly path: string
  readonly lock: RunLock
}
type Place = LockedRunPlace | ExistingRun

const claimNamed = async (path: string): Promise<E.Either<RunError, Place>> => {
  await makeDirectories(path)
  const claimed = await claim(path)
  if (E.isLeft(claimed)) return claimed
  if (claimed.right.kind === 'claimed') return E.right({ ...claimed.right, path })
  return E.map((run: Run): Place => ({ kind: 'exists', run }))(await openRun(path)())
}

/** The first name that no other run has: more digits of the identity, or for another training of it the next number. */
const claimBelow = async (
  parent: string,
  experiment: Experiment,
  identity: string,
  again: boolean,
): Promise<E.Either<RunError, Place>> => {
  await makeDirectories(parent)
  let digits = shortestPrefix
  let copy = 1
  for (;;) {
    const path = join(parent, runName(experiment, identity, digits, copy))
    const claimed = await claim(path)
    if (E.isLeft(claimed)) return claimed
    if (claimed.right.kind === 'claimed') return E.right({ ...claimed.right, path })
    const there = await openRun(path)()
    if (E.isLeft(there)) return there
    const isSame = there.right.config.identity === identity
    if (isSame && !again) return E.right({ kind: 'exists', run: there.right })
    if (isSame) copy++
    else digits++
  }
}

const claimPlaceOf = (
  experiment: Experiment,
  identity: string,
  { directory, parent, again = false }: CreateRunOptions,
): Promise<E.Either<RunError, Place>> =>
  directory === null
    ? claimBelow(resolve(parent), experiment, identity, again)
    : claimNamed(resolve(directory))

/** What the file system refuses, as a value; what is not the file system's is thrown on. */
const cannotMake = ({ directory, parent }: RunPlace, error: unknown): RunError => {
  const reason = error instanceof RunWriteFailed ? error.message : systemRefusal(error)
  if (reason === null) throw error
  const { why, remedy } = refusedPlace(reason)
  return runUnavailable(directory ?? parent, `a run's directory cannot be made here: ${why}`, remedy)
}

/**
 * Make an empty directory for a run, and lock it.
 *
 * @returns its path and its lock, which is the caller's to release; or the run of the same identity that is there.
 */
export const claimPlace =
  (
    experiment: Experiment,
    identity: string,
    place: RunPlace,
  ): TE.TaskEither<RunError, LockedRunPlace | ExistingRun> =>
  async () => {
    try {
      return await claimPlaceOf(experiment, identity, place)
    } catch (error) {
      return E.left(cannotMake(place, error))
    }
  }

/**
 * Make a run's directory with its `config.json` and a `summary.json` that says `running`, and lock it.
 *
 * @returns the run and its lock, which is the caller's to release; or the run of the same identity that is there. `Left` when another process is
 * making the run at this moment, when the directory holds other files, and when it cannot be written.
 */
export const createRun =
  (settings: RunSettings, options: CreateRunOptions): TE.TaskEither<RunError, LockedRun | ExistingRun> =>
  async () => {
    const { now = new Date() } = options
    const identity = identityOfSettings(settings)
    try {
      const place = await claimPlaceOf(settings.experiment, identity, options)
      if (E.isLeft(place)) return place
      if (place.right.kind === 'exists') return E.right(place.right)
      const { path, lock } = place.right
      const config: RunConfig = {
        format: configFormat,
        identity,
        createdAt: now.toISOString(),
        commandLine: settings.commandLine,
        experiment: settings.experiment,
        data: settings.data,
        environment: settings.environment,
      }
      const run = { directory: path, config }
      try {
        await writeFileSafely(join(path, runFiles.config), `${JSON.stringify(config, null, 2)}\n`)
        await writeSummary(run, startSummary(settings.experiment, path))
      } catch (error) {
        await lock.release().catch(() => undefined)
        throw error
      }
      return E.right({ kind: 'created', run, lock })
    } catch (error) {
      return E.left(cannotMake(options, error))
    }
  }
