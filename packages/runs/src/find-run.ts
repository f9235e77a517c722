/** Finding the run of an identity below a directory, and what it has come to. */
import { access, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { either as E, type taskEither as TE } from 'fp-ts'
import { readSummary } from './read-summary.ts'
import { identityOfSettings, type RunSettings } from './run-config.ts'
import { openRun, type Run, runError, runFiles } from './run-directory.ts'
import { errorCodeOf, type RunError, runUnavailable } from './run-errors.ts'
import { isNameOf } from './run-name.ts'
import type { RunSummary } from './run-summary.ts'
import { settingsDifferences } from './settings-differences.ts'

/** What a run has come to, as its directory tells. */
export type FoundRun =
  | { readonly kind: 'finished' | 'diverged' | 'failed'; readonly run: Run; readonly summary: RunSummary }
  /** It was interrupted, was killed, or is being trained by somebody. */
  | { readonly kind: 'unfinished'; readonly run: Run }
  /** It has ended, which its files tell, but its summary cannot be read. */
  | { readonly kind: 'unreadable'; readonly run: Run }

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * What a run has come to. Its summary says so; where that cannot be read, weights without a checkpoint do, which only a run that has ended leaves.
 *
 * @throws the file system's error.
 */
export const inspectRun = async (run: Run): Promise<FoundRun> => {
  const summary = await readSummary(run)
  if (summary !== null) {
    const { status } = summary
    return status === 'running' || status === 'interrupted'
      ? { kind: 'unfinished', run }
      : { kind: status, run, summary }
  }
  const has = (file: keyof typeof runFiles) => exists(join(run.directory, runFiles[file]))
  return !(await has('checkpoint')) && (await has('last'))
    ? { kind: 'unreadable', run }
    : { kind: 'unfinished', run }
}

/**
 * The run in a directory, whatever that is called.
 *
 * @returns null where there is no run. `Left` when its `config.json` cannot be read.
 */
export const findRunIn =
  (directory: string): TE.TaskEither<RunError, FoundRun | null> =>
  async () => {
    try {
      if (!(await exists(join(directory, runFiles.config)))) return E.right(null)
      const opened = await openRun(directory)()
      return E.isLeft(opened) ? opened : E.right(await inspectRun(opened.right))
    } catch (error) {
      return E.left(runError(directory, error))
    }
  }

/** Of several trainings of one identity the one that is nearest to a result. */
const order: readonly FoundRun['kind'][] = ['finished', 'unfinished', 'failed', 'diverged', 'unreadable']

const namesIn = async (parent: string): Promise<readonly string[]> => {
  try {
    return await readdir(parent)
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * The run of an identity below a directory: a directory whose name ends in first digits of the identity and whose `config.json` has all of them.
 *
 * @returns of several the finished one, else one that can go on; null where there is none. `Left` when the directory cannot be read.
 */
export const findRun =
  (parent: string, identity: string): TE.TaskEither<RunError, FoundRun | null> =>
  async () => {
    try {
      const found: FoundRun[] = []
      for (const name of (await namesIn(resolve(parent))).filter((each) => isNameOf(each, identity)).sort()) {
        const opened = await openRun(join(parent, name))()
        // Damaged, of another LaPerm, or still without a config.json: whoever makes a run of that name meets it again, and says so.
        if (E.isRight(opened) && opened.right.config.identity === identity)
          found.push(await inspectRun(opened.right))
      }
      found.sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
      return E.right(found[0] ?? null)
    } catch (error) {
      return E.left(runError(parent, error))
    }
  }

/** Where the run of some settings is looked for. */
export interface RunSearch {
  /** The run's own directory; null looks below `parent` by identity. */
  readonly directory: string | null
  readonly parent: string
  /** It is to be trained in a new directory whatever is there. */
  readonly again?: boolean | undefined
}

/** The run of these settings; null where one is to be made. `Left` when a named directory holds another one. */
export const findFor = async (
  settings: RunSettings,
  { directory, parent, again = false }: RunSearch,
): Promise<E.Either<RunError, FoundRun | null>> => {
  if (directory === null) return again ? E.right(null) : findRun(parent, identityOfSettings(settings))()
  const found = await findRunIn(directory)()
  if (E.isLeft(found) || found.right === null) return found
  const { config } = found.right.run
  if (config.identity !== identityOfSettings(settings))
    return E.left(
      runUnavailable(
        directory,
        `another run is there: ${settingsDifferences(config, settings).join('; ')}`,
        'Name another directory, or ask for what that run was set up with.',
      ),
    )
  return again
    ? E.left(
        runUnavailable(directory, 'this run is there already', 'Name a new directory to train it again.'),
      )
    : found
}
