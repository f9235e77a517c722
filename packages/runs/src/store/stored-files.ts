/** Which files of a run a store has, and in which order they are written and read. */
import type { ObjectStore, StoreUnavailable } from '@laperm/store'
import type { Experiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { runFiles } from '../run-directory.ts'
import { runName } from '../run-name.ts'
import { eventFileName } from '../tensorboard/event-file.ts'
import { claimName } from './claim-file.ts'

/**
 * In this order: a run is one from its config on, a checkpoint is never ahead of the metrics, and the summary says what has happened once all the
 * rest is there.
 */
export const mirroredFiles: readonly string[] = [
  runFiles.config,
  eventFileName,
  runFiles.metrics,
  runFiles.best,
  runFiles.last,
  runFiles.checkpoint,
  runFiles.summary,
]

/** What tells how a run went, without its weights. */
export const recordFiles: readonly string[] = [runFiles.config, runFiles.metrics, runFiles.summary]

const wholeIdentity = 64

/** The name of a run's objects, of which no two identities have the same. */
export const storedName = (experiment: Experiment, identity: string): string =>
  runName(experiment, identity, wholeIdentity, 1)

/** A run in a store. */
export interface StoredRun {
  /** The first segment of its objects' names: its title and its whole identity. */
  readonly name: string
  readonly identity: string
  /** Sizes in bytes of its own files, by name. */
  readonly files: ReadonlyMap<string, number>
}

/** What a store has below a prefix, run by run, in the order of their names. Objects that are of no run are left out. */
export const listStored = async (
  store: ObjectStore,
  prefix = '',
): Promise<E.Either<StoreUnavailable, readonly StoredRun[]>> =>
  E.map((objects: readonly { readonly name: string; readonly sizeBytes: number }[]) => {
    const runs = new Map<string, StoredRun & { readonly files: Map<string, number> }>()
    for (const { name: object, sizeBytes } of objects) {
      const [, name, identity, file] = /^([^/]*-([0-9a-f]{64}))\/([^/]+)$/.exec(object) ?? []
      if (file === undefined || !(mirroredFiles.includes(file) || file === claimName)) continue
      const run = runs.get(name) ?? { name, identity, files: new Map<string, number>() }
      run.files.set(file, sizeBytes)
      runs.set(name, run)
    }
    return [...runs.values()].filter(({ files }) => files.has(runFiles.config))
  })(await store.list(prefix)())
