/** Finds a data set for a command: flags win over the environment, the environment over the operating system's habit. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type DataError, type Dataset, datasetNames, defaultDigitSizes, limitDataset } from '@laperm/data'
import { loadDataset, loadOwnDataset } from '@laperm/data/node'
import { nearestName } from '@laperm/models'
import type { DataSource } from '@laperm/runs'
import { type UnknownName, unknownName } from '@laperm/train'
import { either as E, type taskEither as TE } from 'fp-ts'
import { type UsageError, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { absenceAt } from './path-absence.ts'
import { makeDownloadProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

/**
 * Where downloads are kept; `undefined` where nobody named a place and the user has no home directory.
 *
 * `env-paths` asks for the home directory as soon as it is imported: so only when it is needed.
 */
export const cacheDirectory = async (environment: Terminal['environment']): Promise<string | undefined> => {
  const named = environment['LAPERM_CACHE_DIR']
  if (named !== undefined && named !== '') return named
  try {
    const { default: envPaths } = await import('env-paths')
    return envPaths('laperm', { suffix: '' }).cache
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  }
}

/** A data directory that is not there: looking for the data elsewhere, or downloading them, is not what was asked for. */
const missingDirectory = ({ dataDir }: DataSource): UsageError | null => {
  const absence = dataDir === null ? null : absenceAt(dataDir, 'data directory')
  return absence === null
    ? null
    : usageError(
        `${absence.sentence} --data-dir or LAPERM_DATA_DIR names it; without one, data are downloaded.`,
      )
}

/** Where the user keeps data, null when nobody said. Absolute, so that a run finds it again from anywhere. */
export const dataSource = (flags: DataFlags, environment: Terminal['environment']): DataSource => {
  const named = flags.dataDir ?? environment['LAPERM_DATA_DIR']
  return {
    dataDir: named === undefined || named === '' ? null : resolve(named),
    folder: null,
    acceptChecksum: flags.acceptChecksum ?? false,
  }
}

/** A data set of one's own that has moved: below the place that somebody names, or that place itself. */
const movedFolder = (folder: string, named: string): string => {
  const below = resolve(named, basename(folder))
  return existsSync(below) ? below : resolve(named)
}

/**
 * Where a run's data are now: where its config says, unless somebody names another place. Data of one's own are looked for elsewhere only when
 * `--data-dir` says so: `LAPERM_DATA_DIR` is for the built-in ones.
 */
export const sourceNow = (
  source: DataSource,
  flags: DataFlags,
  environment: Terminal['environment'],
): DataSource => {
  const named = dataSource(flags, environment)
  return {
    dataDir: named.dataDir ?? source.dataDir,
    folder:
      source.folder === null || flags.dataDir === undefined
        ? source.folder
        : movedFolder(source.folder, flags.dataDir),
    acceptChecksum: named.acceptChecksum || source.acceptChecksum,
  }
}

/** A data set of somebody's own: where it lies, absolute, and what it is called. */
export interface OwnData {
  readonly folder: string
  readonly name: string
  /** Whether its inputs are floats, once it has been read. */
  readonly floats?: boolean
}

/** What `--dataset` names: null for a built-in name, and for a name that is none but looks like one; `Left` for a path where nothing is. */
export const ownDataOf = (given: string | undefined): E.Either<UsageError, OwnData | null> => {
  if (given === undefined || datasetNames.some((name) => name === given)) return E.right(null)
  const folder = resolve(given)
  const absence = absenceAt(folder, 'data set')
  if (absence === null) return E.right({ folder, name: basename(folder).replace(/\.npz$/, '') })
  if (absence.isNothing && !/[/\\]|\.npz$/.test(given)) return E.right(null)
  return E.left(
    usageError(
      `${absence.sentence} Data of your own are a folder with .npy or idx files, or a .npz file, training and test apart.`,
    ),
  )
}

export interface DataRequest {
  readonly dataset: string
  readonly limit: number | null
  readonly testLimit: number | null
  readonly source: DataSource
  readonly offline: boolean
  readonly quiet: boolean
}

const loadBuiltIn = async (
  { dataset, limit, testLimit, source, offline, quiet }: DataRequest,
  terminal: Terminal,
): Promise<E.Either<DataError | UsageError | UnknownName, Dataset>> => {
  const name = datasetNames.find((known) => known === dataset)
  if (name === undefined)
    return E.left(unknownName('data set', dataset, nearestName(dataset, datasetNames), datasetNames))
  const missing = missingDirectory(source)
  if (missing !== null) return E.left(missing)
  const progress = quiet ? null : makeDownloadProgress(terminal)
  const loaded = await loadDataset(name, {
    dataDir: source.dataDir ?? undefined,
    cacheDir: () => cacheDirectory(terminal.environment),
    acceptChecksum: source.acceptChecksum,
    offline,
    // A larger set of digits begins with the smaller one: no need to draw what the limits leave out.
    sizes: {
      train: Math.min(limit ?? Number.POSITIVE_INFINITY, defaultDigitSizes.train),
      test: Math.min(testLimit ?? Number.POSITIVE_INFINITY, defaultDigitSizes.test),
    },
    onProgress: progress?.update,
    signal: terminal.signal,
  })()
  progress?.stop()
  return loaded
}

const loadOwn = async (
  folder: string,
  { dataset }: DataRequest,
  { signal }: Terminal,
): Promise<E.Either<DataError | UsageError, Dataset>> => {
  const absence = absenceAt(folder, 'data set')
  return absence === null
    ? loadOwnDataset(folder, { name: dataset, signal })()
    : E.left(
        usageError(
          `${absence.sentence} The run was trained on ${dataset}; --data-dir names where that is now.`,
        ),
      )
}

/** Load a data set, limited; a download shows its progress. Warnings of the data set go to standard error. */
export const loadData =
  (request: DataRequest, terminal: Terminal): TE.TaskEither<DataError | UsageError | UnknownName, Dataset> =>
  async () => {
    const { folder } = request.source
    const loaded = await (folder === null
      ? loadBuiltIn(request, terminal)
      : loadOwn(folder, request, terminal))
    if (E.isLeft(loaded)) return loaded
    for (const warning of loaded.right.warnings) terminal.err(`warning: ${warning}`)
    return E.right(limitDataset(loaded.right, request.limit, request.testLimit))
  }
