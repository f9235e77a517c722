/** The runs of a store as a list shows them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectStore } from '@laperm/store'
import { either as E, type taskEither as TE } from 'fp-ts'
import { inspectRun, unreadableRun } from '../list-runs.ts'
import { type ListedRun, readMetrics } from '../listed-run.ts'
import { type RunError, renderRunError } from '../run-errors.ts'
import type { ReadMetrics } from '../run-metrics.ts'
import { type PulledRun, pullRuns } from './pull-runs.ts'
import type { StoredRun } from './stored-files.ts'

/** A run in a store. */
export interface ListedStoredRun {
  /** Its directory is its place in the store, its name that of the directory that it would have here. */
  readonly run: ListedRun
  readonly stored: StoredRun
  readonly metrics: ReadMetrics | null
}

const inspectPulled = async (store: ObjectStore, { stored, result }: PulledRun): Promise<ListedStoredRun> => {
  const directory = `${store.name}/${stored.name}`
  const sizeBytes = [...stored.files.values()].reduce((sum, size) => sum + size, 0)
  const fail = (error: RunError): ListedStoredRun => ({
    run: { ...unreadableRun(directory, stored.name, renderRunError(error)), sizeBytes },
    stored,
    metrics: null,
  })
  if (result.kind === 'failed') return fail(result.error)
  const run = await inspectRun(result.directory)()
  if (E.isLeft(run)) return fail(run.left)
  const { value } = await readMetrics(result.directory, run.right.summary?.files)
  // When it was fetched says nothing.
  return { run: { ...run.right, directory, sizeBytes, changedAt: null }, stored, metrics: value }
}

/**
 * The runs of a store, alive or ended, without their weights.
 *
 * @param isWanted default: every run.
 * @returns in the order of their names; a damaged one with the reason. `Left` where the store cannot be read. Cost: one listing, and five requests a run.
 */
export const listStoredRuns =
  (
    store: ObjectStore,
    isWanted?: (run: StoredRun) => boolean,
  ): TE.TaskEither<RunError, readonly ListedStoredRun[]> =>
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'laperm-stored-'))
    try {
      const pulled = await pullRuns(store, folder, { extent: 'record', isWanted, showHolders: true })()
      if (E.isLeft(pulled)) return pulled
      const runs: ListedStoredRun[] = []
      for (const each of pulled.right) runs.push(await inspectPulled(store, each))
      return E.right(runs)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
