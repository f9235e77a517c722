/** What is there of a sweep's runs, from one look at the directory: the runs themselves say what is done, and nothing else does. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { either as E, type taskEither as TE } from 'fp-ts'
import { readEarlyFailure } from '../early-failure.ts'
import { inspectRun } from '../find-run.ts'
import { openRun, runError } from '../run-directory.ts'
import { errorCodeOf, type RunError } from '../run-errors.ts'
import { shortestPrefix } from '../run-name.ts'
import type { SweepRunState } from './sweep-table.ts'

/** Directories that are read at once. */
const concurrency = 16

/** Of several trainings of one identity the first of these counts. */
const order: readonly SweepRunState['status'][] = ['finished', 'interrupted', 'failed', 'diverged']

/** Names of directories that may be runs, by the first digits of an identity. */
const namesByPrefix = async (directory: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const names = new Map<string, string[]>()
  const found = await readdir(directory).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return []
    throw error
  })
  for (const name of found) {
    const digits = /-([0-9a-f]{6,64})(?:-\d+)?$/.exec(name)?.[1]?.slice(0, shortestPrefix)
    if (digits === undefined) continue
    const alike = names.get(digits)
    if (alike === undefined) names.set(digits, [name])
    else alike.push(name)
  }
  return names
}

/** How the run in a directory stands; null where it is another one, or none. */
const stateIn = async (path: string, identity: string): Promise<SweepRunState | null> => {
  const opened = await openRun(path)()
  if (E.isLeft(opened)) {
    const early = await readEarlyFailure(path)
    if (early?.identity === identity) return { status: 'failed', summary: early, error: early.error ?? null }
  }
  // Damaged, of another LaPerm, or without a config.json yet: whoever makes a run of that name meets it again, and says so.
  if (E.isLeft(opened) || opened.right.config.identity !== identity) return null
  const found = await inspectRun(opened.right)
  switch (found.kind) {
    case 'unfinished':
      return { status: 'interrupted', summary: null, error: null }
    case 'unreadable':
      return {
        status: 'failed',
        summary: null,
        error: 'it has ended, but its summary.json cannot be read',
      }
    default:
      return { status: found.kind, summary: found.summary, error: found.summary.error ?? null }
  }
}

/**
 * How the runs of some identities stand.
 *
 * @param directory their parent; one that is not there has none of them.
 * @returns by identity; nothing for those of which there is no run. An unfinished one is `interrupted`, whether or not somebody trains it.
 * Cost: one listing, and two small files for each run that is there.
 */
export const findRuns =
  (
    directory: string,
    identities: readonly string[],
  ): TE.TaskEither<RunError, ReadonlyMap<string, SweepRunState>> =>
  async () => {
    const states = new Map<string, SweepRunState>()
    try {
      const names = await namesByPrefix(directory)
      const look = async (identity: string): Promise<void> => {
        const found: SweepRunState[] = []
        for (const name of names.get(identity.slice(0, shortestPrefix)) ?? []) {
          const state = await stateIn(join(directory, name), identity)
          if (state !== null) found.push(state)
        }
        found.sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status))
        if (found[0] !== undefined) states.set(identity, found[0])
      }
      let next = 0
      const reader = async (): Promise<void> => {
        while (next < identities.length) await look(identities[next++])
      }
      await Promise.all(Array.from({ length: concurrency }, reader))
      return E.right(states)
    } catch (error) {
      return E.left(runError(directory, error))
    }
  }
